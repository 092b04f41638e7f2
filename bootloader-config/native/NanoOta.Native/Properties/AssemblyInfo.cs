using System.Reflection;

[assembly: AssemblyTitle("NanoOta.Native")]
[assembly: AssemblyProduct("NanoOtaAgent")]
[assembly: AssemblyVersion("0.1.0.0")]
[assembly: AssemblyFileVersion("0.1.0.0")]
[assembly: AssemblyNativeVersion("2.0.0.0")]
