using System.Reflection;
using System.Runtime.CompilerServices;

[assembly: AssemblyTitle("NanoOta")]
[assembly: AssemblyProduct("NanoOtaAgent")]
[assembly: AssemblyVersion("0.1.0.0")]
[assembly: AssemblyFileVersion("0.1.0.0")]
[assembly: InternalsVisibleTo("NanoOta.Diagnostics")]
[assembly: InternalsVisibleTo("NanoOta.Esp32")]
[assembly: InternalsVisibleTo("NanoOta.Mqtt")]
[assembly: InternalsVisibleTo("NFUnitTest")]
