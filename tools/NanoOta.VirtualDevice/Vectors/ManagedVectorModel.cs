using System.Text.Json;

namespace NanoOta.VirtualDevice;

/// <summary>The virtual device's own implementation, on real bytes.</summary>
public sealed class ManagedVectorModel : IVectorModel
{
    private VectorFlash flash = null!;
    private EspTable table = null!;
    private SecureVersionFuse fuse = null!;
    private EspPartition? running;

    public void Begin(OtaVector vector)
    {
        flash = new VectorFlash(vector);
        table = vector.Table;
        fuse = new SecureVersionFuse(vector.Fuse);
        running = vector.Running;
    }

    public VectorOutcome Run(VectorStep step)
    {
        flash.Begin(step.Cut);
        var outcome = Try(step);
        if (outcome.Result is not ("booted" or "ok")) running = null;
        return outcome with
        {
            Records = flash.Records,
            Operations = flash.Operations,
            AppErases = flash.AppErases,
            Fuse = fuse.Value,
        };
    }

    private VectorOutcome Try(VectorStep step)
    {
        try
        {
            return step.Call == "boot" ? Boot() : running == null ? Of(null) : Call(step, new EspOta(flash.Flash, table, fuse, running));
        }
        catch (PowerLostException)
        {
            return Of("power_cut");
        }
        catch (EspAbortException)
        {
            return Of("signal_6");
        }
        catch (EspHangException)
        {
            return Of("hang");
        }
    }

    private VectorOutcome Boot()
    {
        running = EspBootloader.Boot(flash.Flash, table, fuse);
        return running == null ? Of("reset") : Of("booted") with { Partition = running.Name };
    }

    private VectorOutcome Call(VectorStep step, EspOta ota)
    {
        var partition = step.Partition == null ? null : table.Find(step.Partition);
        return step.Call switch
        {
            "set_boot" => Error(ota.SetBoot(partition)),
            "mark_valid" => Error(ota.MarkValid()),
            "mark_invalid" => ota.MarkInvalid() is var error && error == EspOta.Ok ? Of("restart") : Error(error),
            "get_state" => Error(ota.GetState(partition, out var state)) is var result && result.Error == EspOta.Ok
                ? result with { Value = $"{(uint)state}" } : result,
            "get_boot" => Name(ota.GetBoot()),
            "get_running" => Name(ota.Running),
            "get_next_update" => Name(ota.GetNextUpdate()),
            "get_last_invalid" => Name(ota.GetLastInvalid()),
            "rollback_possible" => Of("ok") with { Value = ota.IsRollbackPossible() ? "1" : "0" },
            "invalidate_inactive" => Error(ota.InvalidateInactive()),
            "erase_last_boot" => Error(ota.EraseLastBoot()),
            "ota_begin" => Error(ota.Begin(partition)),
            _ => Error(ota.WriteImage(partition, Build(step.Image!))),
        };
    }

    // An empty image cannot be written; the recording wrote a good one.
    internal static byte[] Build(VectorImage image) =>
        EspImageBuilder.Build(image.Kind == EspImageBuilder.Empty ? "valid" : image.Kind, image.SecureVersion);

    private static VectorOutcome Of(string? result) => new() { Result = result, Records = "" };

    private static VectorOutcome Error(string error) => Of("ok") with { Error = error };

    private static VectorOutcome Name(EspPartition? partition) => Of("ok") with { Value = JsonSerializer.Serialize(partition?.Name) };
}
