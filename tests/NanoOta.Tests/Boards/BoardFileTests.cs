using NanoOta.Boards;
using NanoOta.Tests.Releases;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Boards;

[TestClass]
public sealed class BoardFileTests
{
    private const string Table = """
        factory,  app,  factory, 0x10000,  0x1D0000,
        deploy_0, data, 0x84,    0x1E0000, 0xD0000,
        deploy_1, data, 0x84,    0x2B0000, 0xD0000,
        nanoota,  data, 0x40,    0x380000, 0x40000,
        """;

    private const string Good = """
        {
          "id": "lamp",
          "name": "Lamp",
          "chip": "esp32",
          "flashSize": "4MB",
          "partitions": "table.csv",
          "ledPin": 2,
          "supply": {
            "pin": 36,
            "adcFullScaleMillivolts": 3100,
            "divider": { "topOhms": 300000, "bottomOhms": 100000 },
            "thresholdsMillivolts": {
              "download": 3500,
              "write": 3500,
              "activate": 12400
            }
          }
        }
        """;

    private readonly TemporaryFolder folder = new();

    [TestCleanup]
    public void CleanUp() => folder.Dispose();

    [TestMethod]
    public void A_divider_is_folded_into_one_number()
    {
        var board = Load(Good);
        Assert.AreEqual(("lamp", "Lamp", "esp32", 4 << 20, 2), (board.Id, board.Name, board.Chip.Name, board.FlashSize, board.LedPin));
        Assert.AreEqual(new Supply(36, 0, 12400, 3500, 3500, 12400), board.Supply);
    }

    [TestMethod]
    [DataRow("\"lamp\"", "\"lämp\"", "board.json(2): id 'lämp' is wrong; expected 1 to 32 characters of A-Z")]
    [DataRow("\"Lamp\"", "7", "board.json(3): name '7' is wrong; expected a name that is not empty")]
    [DataRow("\"Lamp\"", "\"\"", "board.json(3): name '' is wrong")]
    [DataRow("\"esp32\"", "\"esp8266\"", "board.json(4): chip 'esp8266' is wrong; expected one of esp32, esp32c3, esp32s3")]
    [DataRow("4MB", "3MB", "board.json(5): flashSize '3MB' is wrong; expected one of 2MB, 4MB, 8MB, 16MB for the esp32")]
    [DataRow("table.csv", "gone.csv", "board.json(6): partitions 'gone.csv' is wrong; expected the path of a partition table")]
    [DataRow("Pin\": 2", "Pin\": 34", "board.json(7): ledPin '34' is wrong; expected an output of the esp32")]
    [DataRow("Pin\": 2", "Pin\": 2.5", "board.json(7): ledPin '2.5' is wrong; expected a whole number from 0 to 48")]
    [DataRow("pin\": 36", "pin\": 16", "board.json(9): supply.pin '16' is wrong; expected a GPIO of ADC1: 32, 33, 34,")]
    [DataRow("pin\": 36", "pin\": 27", "this one belongs to ADC2, which cannot be read while Wi-Fi is on")]
    [DataRow("3100", "31", "board.json(10): supply.adcFullScaleMillivolts '31' is wrong; expected a whole number from 500 to 5000")]
    [DataRow("100000", "0", "board.json(11): supply.divider.bottomOhms '0' is wrong")]
    [DataRow("100000", "9000", "board.json(11): supply.divider '300000 : 9000' is wrong; expected a full scale of at most 100000 mV")]
    [DataRow("{ \"topOhms\": 300000, \"bottomOhms\": 100000 }", "3", "board.json(11): supply.divider '3' is wrong; expected an object")]
    [DataRow("write\": 3500", "write\": 3499", "board.json(14): supply.thresholdsMillivolts.write '3499' is wrong; expected at least 3500, the")]
    [DataRow("12400", "12401", "board.json(15): supply.thresholdsMillivolts.activate '12401' is wrong; expected at most 12400")]
    [DataRow("\"download\": 3500,", "", "board.json(12): field 'supply.thresholdsMillivolts.download' is missing; add it")]
    [DataRow("\"id\": \"lamp\",", "", "board.json(1): field 'id' is missing; add it: 1 to 32 characters")]
    [DataRow("ledPin", "ledpin", "board.json(7): unknown field 'ledpin'; remove it, or use one of $schema, id, name")]
    [DataRow("\"topOhms\"", "\"ohms\": 1, \"topOhms\"", "remove it, or use one of supply.divider.topOhms, supply.divider.bottomOhms")]
    [DataRow("\"ledPin\": 2", "\"supply.pin\": 2", "board.json(7): unknown field '\"supply.pin\"'; remove it")]
    [DataRow("\"ledPin\": 2", "\"led\": { \"pin\": 2 }", "board.json(7): unknown field 'led'; remove it, or use one of")]
    [DataRow("\"ledPin\": 2", "\"id\": \"other\"", "board.json(7): duplicate field 'id' (line 2); remove one")]
    [DataRow("\"ledPin\": 2,", "\"ledPin\": 2", "board.json(8): not valid JSON")]
    public void A_wrong_field_is_reported_with_its_line_and_the_remedy(string part, string change, string message)
    {
        Assert.IsTrue(Good.Contains(part));
        var error = Assert.ThrowsExactly<BoardException>(() => Load(Good.Replace(part, change)));
        StringAssert.Contains(error.Message, message);
        Assert.HasCount(1, error.Errors, string.Join('\n', error.Errors));
        Assert.DoesNotContain("\n", error.Message);
    }

    [TestMethod]
    public void A_file_that_is_not_an_object_is_reported()
    {
        StringAssert.Contains(Assert.ThrowsExactly<BoardException>(() => Load("[]")).Message, "board.json(1): not a JSON object");
    }

    [TestMethod]
    public void All_errors_of_a_board_and_its_table_are_reported_in_file_order()
    {
        folder.Write("broken.csv", "x, data, 0x84, 0x1001, 0x1000\ny, data, 0x84, 0x9000, 1\n");
        var error = Assert.ThrowsExactly<BoardException>(() => Load(Good.Replace("table.csv", "broken.csv")
            .Replace("\"Lamp\"", "\"\"").Replace("Pin\": 2", "Pin\": 99")));

        string[] expected = ["board.json(3)", "board.json(7)", "broken.csv(1)", "broken.csv(2)"];
        CollectionAssert.AreEqual(expected, error.Errors.Select(e => Path.GetFileName(e.Split(':')[0])).ToArray());
        Assert.AreEqual(error.Errors[0], error.Message);
    }

    [TestMethod]
    [DataRow("esp32c3", 0, 4)]
    [DataRow("esp32s3", 1, 10)]
    [DataRow("esp32", 32, 39)]
    public void Channels_are_those_of_the_chip(string name, int first, int last)
    {
        var chip = Chip.All.Single(c => c.Name == name);
        CollectionAssert.AreEquivalent(Enumerable.Range(first, last - first + 1).ToArray(), chip.Adc1Pins.ToArray());
        Assert.AreEqual(-1, chip.Adc1Channel(last + 1));
        int[] esp32 = [4, 5, 6, 7, 0, 1, 2, 3];
        for (int pin = first; pin <= last; pin++)
            Assert.AreEqual(name == "esp32" ? esp32[pin - 32] : pin - first, chip.Adc1Channel(pin), $"GPIO{pin}");
    }

    [TestMethod]
    public void An_unreadable_file_is_an_error_of_its_board_alone()
    {
        StringAssert.Contains(Refusal(Good.Replace("table.csv", "table\\u0000.csv")), "board.json(6): partitions 'table\0.csv' is wrong");
        folder.Write("long.csv", new string('#', 1 << 20));
        StringAssert.Contains(Refusal(Good.Replace("table.csv", "long.csv")), "long.csv: is too large (1048576 bytes; the maximum is 262144");
        StringAssert.Contains(Refusal(new string(' ', 1 << 20)), "board.json: is too large");
        StringAssert.EndsWith(Refusal("{ \"id\": x }"), "board.json(1): not valid JSON: 'x' is an invalid start of a value");
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public void A_link_to_itself_is_reported()
    {
        File.CreateSymbolicLink(folder.File("board.json"), folder.File("board.json"));
        StringAssert.Contains(Assert.ThrowsExactly<BoardException>(() => Board.Load(folder.Path)).Message, "board.json: cannot be read");
    }

    [TestMethod]
    public void The_table_of_a_larger_chip_is_reported_line_by_line_and_a_smaller_one_fits()
    {
        var large = File.ReadAllText(Repository.At("bootloader-config", "partitions", "esp32s3-8mb.csv"));
        folder.Write("large.csv", large);
        var error = Assert.ThrowsExactly<BoardException>(() => Load(Good.Replace("table.csv", "large.csv")));
        StringAssert.Contains(error.Message, "large.csv(");
        StringAssert.Contains(error.Message, "is wrong; expected an end within the flash of 0x400000 bytes");
        Assert.AreEqual(16 << 20, Load(Good.Replace("4MB", "16MB")).FlashSize);
    }

    private string Refusal(string json) => Assert.ThrowsExactly<BoardException>(() => Load(json)).Message;

    private Board Load(string json)
    {
        folder.Write("table.csv", Table);
        return Board.Load(folder.Write("board.json", json));
    }
}
