using Mono.Cecil;
using Mono.Cecil.Cil;
using NanoOta.Cli.Scenarios;

namespace NanoOta.Tests.Rig;

/// <summary>The apps of the scenarios, with an agent in which one method returns a constant.</summary>
internal static class BrokenAgent
{
    /// <summary>Copies some apps into a folder, and breaks their agents.</summary>
    public static string Make(string folder, string type, string method, int result)
    {
        foreach (var app in new[] { "good", "unhealthy" })
        {
            var target = Directory.CreateDirectory(Path.Combine(folder, app)).FullName;
            foreach (var file in Directory.GetFiles(Path.Combine(VirtualApps.Folder, app)))
                File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
            Break(Path.Combine(target, "NanoOta.dll"), type, method, result);
        }

        return folder;
    }

    private static void Break(string file, string type, string method, int result)
    {
        using var module = ModuleDefinition.ReadModule(new MemoryStream(File.ReadAllBytes(file)));
        var body = module.GetType("NanoOta." + type).Methods.Single(m => m.Name == method).Body;
        body.Instructions.Clear();
        body.ExceptionHandlers.Clear();
        var code = body.GetILProcessor();
        code.Emit(OpCodes.Ldc_I4, result);
        code.Emit(OpCodes.Ret);
        module.Write(file);
    }
}
