using System.Reflection;

[assembly: AssemblyTitle("NanoOta.Mqtt")]
[assembly: AssemblyProduct("NanoOtaAgent")]
[assembly: AssemblyVersion("0.1.0.0")]
[assembly: AssemblyFileVersion("0.1.0.0")]
