namespace NanoOta.VirtualDevice;

/// <summary>A vector whose replay differs from the recording.</summary>
/// <param name="Vector">Id of the vector.</param>
/// <param name="Step">Number of its step, from 0.</param>
/// <param name="Call">The boot or call.</param>
/// <param name="Difference">The first field that differs, with both values.</param>
public sealed record VectorFailure(string Vector, int Step, string Call, string Difference);

/// <summary>Replays vectors on an implementation.</summary>
public static class VectorReplay
{
    /// <summary>The vectors that differ, each at its first difference.</summary>
    public static IEnumerable<VectorFailure> Run(IEnumerable<OtaVector> vectors, IVectorModel model) =>
        vectors.Select(vector => Run(vector, model)).OfType<VectorFailure>();

    private static VectorFailure? Run(OtaVector vector, IVectorModel model)
    {
        model.Begin(vector);
        for (int i = 0; i < vector.Steps.Count; i++)
        {
            var step = vector.Steps[i];
            if (model.Run(step).DifferenceTo(step.Expected) is { } difference)
                return new VectorFailure(vector.Id, i, $"{step.Call} {step.Partition}".TrimEnd(), difference);
        }

        return null;
    }
}
