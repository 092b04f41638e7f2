using System.Reflection;

namespace NanoOta.Tests.Support;

/// <summary>
/// What objects take on a device: bytes of all that is reached from some roots, by the block sizes of a 32-bit CLR (docs/platform/memory.md).
/// Counted are objects of the device's code and arrays, delegates, strings and locks that they hold; not the literals, which lie in flash.
/// </summary>
internal static class DeviceHeap
{
    /// <summary>Bytes of a heap block: the header of an object, and each of its fields.</summary>
    private const int Block = 12;

    // Objects that simulate the board, the server and the test do not exist on a device.
    private static readonly string[] Device =
        ["NanoOta", "NanoOta.Diagnostics", "NanoOta.Mqtt", "NanoOta.Esp32", "NanoOta.Http", "NanoOta.Settings", "NanoOta.Identity"];

    /// <summary>Bytes of all that is reached from the roots, each object once.</summary>
    public static int BytesOf(params object?[] roots) => Table(roots).Values.Sum();

    /// <summary>The same by type.</summary>
    public static SortedDictionary<string, int> Table(params object?[] roots)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var found = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var open = new Stack<object?>(roots);
        while (open.TryPop(out var item))
        {
            if (item == null || !IsCounted(item.GetType()) || !seen.Add(item)) continue;
            found[item.GetType().Name] = found.GetValueOrDefault(item.GetType().Name) + SizeOf(item);
            foreach (var held in Held(item)) open.Push(held);
        }

        return found;
    }

    private static bool IsCounted(Type type) => type.IsArray || type == typeof(string) || typeof(Delegate).IsAssignableFrom(type)
        || Device.Contains(type.Assembly.GetName().Name);

    private static int SizeOf(object item) => item switch
    {
        // The text of a literal stays in flash, and most texts here are literals: only the reference to it is counted.
        string => Block,
        Array array => Rounded(Block + 8 + array.Length * ElementSize(array.GetType().GetElementType()!)),
        Delegate => 3 * Block,
        _ => Block + Block * FieldsOf(item.GetType()).Count(),
    };

    private static int ElementSize(Type element) => element.IsEnum ? ElementSize(Enum.GetUnderlyingType(element))
        : element == typeof(bool) ? 1 : element == typeof(char) ? 2
        : element.IsPrimitive ? System.Runtime.InteropServices.Marshal.SizeOf(element) : Block;

    private static int Rounded(int bytes) => (bytes + Block - 1) / Block * Block;

    private static IEnumerable<object?> Held(object item) => item switch
    {
        string => [],
        Array array => array.GetType().GetElementType()!.IsValueType ? [] : array.Cast<object?>(),
        Delegate call => [call.Target],
        _ => FieldsOf(item.GetType()).Where(field => !field.FieldType.IsPrimitive && !field.FieldType.IsEnum).Select(field => field.GetValue(item)),
    };

    private static IEnumerable<FieldInfo> FieldsOf(Type type)
    {
        for (Type? t = type; t != null && t != typeof(object); t = t.BaseType)
        {
            foreach (var field in t.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                yield return field;
        }
    }
}
