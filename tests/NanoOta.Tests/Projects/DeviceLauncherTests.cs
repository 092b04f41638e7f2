using System.Reflection;
using System.Text;

namespace NanoOta.Tests.Projects;

/// <summary>The device tests, as nanoFramework's launcher runs them.</summary>
[TestClass]
public sealed class DeviceLauncherTests
{
    private const BindingFlags OfAnObject =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Type[] Classes = [.. typeof(DeviceTests.JournalTests).Assembly.GetTypes()
        .Where(type => type.Namespace == "NanoOta.DeviceTests" && type.IsDefined(typeof(TestClassAttribute)))];

    [TestMethod]
    public void Device_test_classes_have_no_instance_members_but_their_tests()
    {
        foreach (var type in Classes)
        {
            Assert.AreEqual("", string.Join(' ', type.GetFields(OfAnObject).Select(field => field.Name)), type.Name);
            var others = type.GetMethods(OfAnObject).Where(method => !method.IsDefined(typeof(TestMethodAttribute)));
            Assert.AreEqual("", string.Join(' ', others.Select(method => method.Name)), type.Name);
        }
    }

    [TestMethod]
    public void Every_device_test_passes_when_it_is_invoked_without_an_object()
    {
        var tests = Classes.SelectMany(type => type.GetMethods(OfAnObject)).ToList();
        Assert.IsGreaterThan(90, tests.Count);

        var failures = new StringBuilder();
        foreach (var test in tests)
            if (Failure(test) is { } failure)
                failures.AppendLine($"{test.DeclaringType!.Name}.{test.Name}: {failure.Message}");
        Assert.AreEqual("", failures.ToString());
    }

    // A delegate that is closed over null calls an instance method with this == null, which MethodInfo.Invoke of .NET refuses.
    private static Exception? Failure(MethodInfo test)
    {
        try
        {
            test.CreateDelegate<Action>(null).Invoke();
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }
}
