namespace NanoOta.VirtualDevice;

/// <summary>An implementation of ESP-IDF's boot rules that vectors are replayed on.</summary>
public interface IVectorModel
{
    /// <summary>Sets up the device of a vector.</summary>
    void Begin(OtaVector vector);

    /// <summary>Makes a step of it.</summary>
    VectorOutcome Run(VectorStep step);
}
