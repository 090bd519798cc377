using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace ExtProc.Configuration.Binding;

/// <summary>Which types of a record are lists and maps, and what is made for them.</summary>
internal static class CollectionTypes
{
    private static readonly Type[] Lists =
        [typeof(IReadOnlyList<>), typeof(IReadOnlyCollection<>), typeof(IList<>), typeof(ICollection<>), typeof(IEnumerable<>), typeof(List<>)];

    private static readonly Type[] Maps = [typeof(IReadOnlyDictionary<,>), typeof(IDictionary<,>), typeof(Dictionary<,>)];

    public static bool IsList(Type type, [NotNullWhen(true)] out Type? item)
    {
        item = type.IsArray ? type.GetElementType()
            : type.IsGenericType && Lists.Contains(type.GetGenericTypeDefinition()) ? type.GetGenericArguments()[0]
            : null;
        return item is not null;
    }

    public static bool IsMap(Type type, [NotNullWhen(true)] out Type? value)
    {
        value = type.IsGenericType && Maps.Contains(type.GetGenericTypeDefinition()) && type.GetGenericArguments()[0] == typeof(string)
            ? type.GetGenericArguments()[1]
            : null;
        return value is not null;
    }

    public static IList NewList(Type item) => (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(item))!;

    /// <summary>Keys keep their order and compare with case.</summary>
    public static IDictionary NewMap(Type value) => (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), value))!;

    public static object AsArrayWhereWanted(IList list, Type type, Type item)
    {
        if (!type.IsArray)
        {
            return list;
        }

        var array = Array.CreateInstance(item, list.Count);
        list.CopyTo(array, 0);
        return array;
    }
}
