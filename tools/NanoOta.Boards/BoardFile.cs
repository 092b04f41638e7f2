using System.Text;

namespace NanoOta.Boards;

/// <summary>Reads board.json. <c>boards/board.schema.json</c> describes the fields; it accepts all files that this class accepts.</summary>
internal sealed class BoardFile
{
    private const int MaxPin = 48;
    private const int MaxOhms = 10_000_000;
    private const int MaxMillivolts = 100_000;

    private static readonly string[] Known =
    [
        "$schema", "id", "name", "chip", "flashSize", "partitions", "ledPin", "supply", "supply.pin",
        "supply.adcFullScaleMillivolts", "supply.divider", "supply.divider.topOhms", "supply.divider.bottomOhms",
        "supply.thresholdsMillivolts", "supply.thresholdsMillivolts.download", "supply.thresholdsMillivolts.write",
        "supply.thresholdsMillivolts.activate",
    ];

    private readonly string file;
    private readonly Faults faults;
    private readonly JsonFile json;

    private BoardFile(string file)
    {
        this.file = file;
        faults = new Faults(file);
        json = new JsonFile(file, faults);
    }

    /// <summary>Reads a board and its partition table.</summary>
    /// <exception cref="BoardException">A file is invalid; contains every error of both files.</exception>
    public static Board Read(string file) => new BoardFile(file).Read();

    private Board Read()
    {
        RefuseUnknownFields();
        if (json.Has("$schema")) json.Text("$schema", "the path of board.schema.json");
        var id = ReadId();
        var name = ReadName();
        var chip = ReadChip();
        int flashSize = ReadFlashSize(chip);
        var table = ReadTable(flashSize);
        var led = ReadLed(chip);
        var supply = json.Has("supply") ? ReadSupply(chip) : null;
        faults.ThrowIfAny();
        return new Board
        {
            Id = id,
            Name = name,
            Chip = chip!,
            FlashSize = flashSize,
            Partitions = table!,
            LedPin = led,
            Supply = supply,
        };
    }

    private void RefuseUnknownFields()
    {
        foreach (var path in json.Paths.Except(Known))
        {
            var owner = path.Contains('.') ? path[..path.LastIndexOf('.')] : "";
            var choice = Known.Where(known => known.LastIndexOf('.') == (owner == "" ? -1 : owner.Length) && known.StartsWith(owner));
            var remedy = string.Join(", or use one of ", new[] { "remove it", string.Join(", ", choice) }.Where(text => text != ""));
            bool isInUnknown = json.Has(owner) && !Known.Contains(owner);
            if (!isInUnknown) faults.Add(json.Line(path), $"unknown field '{path}'; {remedy}");
        }
    }

    private string ReadId()
    {
        const string Rule = "1 to 32 characters of A-Z a-z 0-9 . _ - + and space";
        if (json.Text("id", Rule) is not { } id) return "";
        var bytes = Encoding.UTF8.GetBytes(id);
        if (!ManifestText.IsName(bytes, 0, bytes.Length)) faults.Wrong(json.Line("id"), "id", id, Rule);
        return id;
    }

    private string ReadName()
    {
        const string Rule = "a name that is not empty";
        var name = json.Text("name", Rule);
        if (name == "") faults.Wrong(json.Line("name"), "name", name, Rule);
        return name ?? "";
    }

    private Chip? ReadChip()
    {
        var rule = "one of " + string.Join(", ", Chip.All.Select(chip => chip.Name));
        if (json.Text("chip", rule) is not { } name) return null;
        var found = Chip.All.FirstOrDefault(chip => chip.Name == name);
        if (found == null) faults.Wrong(json.Line("chip"), "chip", name, rule);
        return found;
    }

    /// <summary>Bytes; 0 if the field is wrong.</summary>
    private int ReadFlashSize(Chip? chip)
    {
        var sizes = chip?.FlashMegabytes ?? [.. Chip.All.SelectMany(c => c.FlashMegabytes).Distinct()];
        var rule = "one of " + string.Join(", ", sizes.Select(size => $"{size}MB")) + (chip == null ? "" : $" for the {chip.Name}");
        if (json.Text("flashSize", rule) is not { } text) return 0;
        int megabytes = sizes.FirstOrDefault(size => text == $"{size}MB");
        if (megabytes == 0) faults.Wrong(json.Line("flashSize"), "flashSize", text, rule);
        return megabytes << 20;
    }

    private PartitionTable? ReadTable(int flashSize)
    {
        const string Rule = "the path of a partition table (.csv), relative to this file";
        if (json.Text("partitions", Rule) is not { } path) return null;
        var table = path.Contains('\0') ? "" : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, path));
        if (!File.Exists(table))
        {
            faults.Wrong(json.Line("partitions"), "partitions", path, Rule + (table == "" ? "" : "; there is no " + table));
            return null;
        }

        try
        {
            return flashSize == 0 ? null : PartitionTable.Load(table, flashSize);
        }
        catch (BoardException e)
        {
            faults.Add(int.MaxValue, e.Errors);
            return null;
        }
    }

    private int? ReadLed(Chip? chip)
    {
        if (!json.Has("ledPin") || json.Number("ledPin", 0, MaxPin) is not { } pin) return null;
        if (chip != null && !chip.OutputPins.Contains(pin))
            faults.Wrong(json.Line("ledPin"), "ledPin", $"{pin}", $"an output of the {chip.Name} that its flash does not use");
        return pin;
    }

    private Supply? ReadSupply(Chip? chip)
    {
        int? pin = json.Number("supply.pin", 0, MaxPin);
        int channel = pin == null || chip == null ? 0 : ReadChannel(chip, pin.Value);
        int? adc = json.Number("supply.adcFullScaleMillivolts", 500, 5000);
        int? top = json.Number("supply.divider.topOhms", 0, MaxOhms), bottom = json.Number("supply.divider.bottomOhms", 1, MaxOhms);
        int? download = Threshold("download"), write = Threshold("write"), activate = Threshold("activate");
        if (adc == null || top == null || bottom == null || download == null || write == null || activate == null) return null;

        long fullScale = (long)adc * (top.Value + bottom.Value) / bottom.Value;
        if (fullScale > MaxMillivolts)
            faults.Wrong(json.Line("supply.divider"), "supply.divider", $"{top} : {bottom}",
                $"a full scale of at most {MaxMillivolts} mV, not {fullScale}");
        Order("download", download.Value, "write", write.Value);
        Order("write", write.Value, "activate", activate.Value);
        if (activate > fullScale)
            faults.Wrong(json.Line(PathOf("activate")), PathOf("activate"), $"{activate}",
                $"at most {fullScale}, the supply voltage at which the ADC reads its highest value");
        return new Supply(pin ?? 0, channel, (int)fullScale, download.Value, write.Value, activate.Value);
    }

    private int ReadChannel(Chip chip, int pin)
    {
        int channel = chip.Adc1Channel(pin);
        if (channel >= 0) return channel;
        var choice = "a GPIO of ADC1: " + string.Join(", ", chip.Adc1Pins.Order());
        faults.Wrong(json.Line("supply.pin"), "supply.pin", $"{pin}",
            chip.Adc2Pins.Contains(pin) ? $"{choice}; this one belongs to ADC2, which cannot be read while Wi-Fi is on" : choice);
        return 0;
    }

    private int? Threshold(string name) => json.Number(PathOf(name), 1, MaxMillivolts);

    // A loss of power costs more in a later step.
    private void Order(string earlier, int least, string later, int value)
    {
        if (value < least)
            faults.Wrong(json.Line(PathOf(later)), PathOf(later), $"{value}", $"at least {least}, the value of '{earlier}'");
    }

    private static string PathOf(string threshold) => "supply.thresholdsMillivolts." + threshold;
}
