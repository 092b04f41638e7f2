namespace NanoOta.VirtualDevice.Bus;

/// <summary>The part of <see cref="Native.NativeModule"/> that needs the board: in one process the board's own port, in the CPU process the
/// bus. The meaning of each call and result is that of the module.</summary>
internal interface INativePort
{
    int GetValue(int value);

    int GetAreaSize(int area);

    int Read(int area, int offset, byte[]? buffer, int start, int count);

    int Erase(int area, int offset);

    int Write(int area, int offset, byte[]? buffer, int start, int count);

    int Activate();

    int Confirm();

    int Reject(int reason);

    void Restart();

    int GetNativeAssembly(int index, byte[]? name);

    int GetNativeChecksum(int index);

    int Guard(int seconds);

    int Sleep(int milliseconds, int kept);

    int ForgetCrashes();

    int ReleaseRuntime();

    int ActivateRuntime(bool withApp);
}
