using System.Reflection;

[assembly: AssemblyTitle("NanoOta.Native")]
[assembly: AssemblyProduct("NanoOtaAgent")]
[assembly: AssemblyVersion("0.1.0.0")]
[assembly: AssemblyFileVersion("0.1.0.0")]
[assembly: AssemblyNativeVersion("3.0.0.0")]
