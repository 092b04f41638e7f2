using System.Reflection;

[assembly: AssemblyTitle("NanoOta.Runtime")]
[assembly: AssemblyProduct("NanoOtaAgent")]
[assembly: AssemblyVersion("0.1.0.0")]
[assembly: AssemblyFileVersion("0.1.0.0")]
