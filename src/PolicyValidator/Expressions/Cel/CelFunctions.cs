namespace PolicyValidator.Expressions.Cel;

/// <summary>
/// The functions that Envoy registers for expressions, by name and number of arguments; types are not checked before run time.
/// Source: asked of the binaries of 1.36 to 1.40, which agree.
/// </summary>
internal static class CelFunctions
{
    private static readonly Dictionary<string, int[]> Globals = new(StringComparer.Ordinal)
    {
        ["size"] = [1],
        ["matches"] = [2],
        ["startsWith"] = [2],
        ["endsWith"] = [2],
        ["contains"] = [2],
        ["int"] = [1],
        ["uint"] = [1],
        ["double"] = [1],
        ["bool"] = [1],
        ["bytes"] = [1],
        ["type"] = [1],
        ["dyn"] = [1],
        ["timestamp"] = [1],
        ["duration"] = [1],
        ["re.extract"] = [3],
        ["re.capture"] = [2],
        ["re.captureN"] = [2],
        ["_in_"] = [2],
        ["__not_strictly_false__"] = [1],
    };

    private static readonly Dictionary<string, int[]> Methods = new(StringComparer.Ordinal)
    {
        ["size"] = [0],
        ["matches"] = [1],
        ["startsWith"] = [1],
        ["endsWith"] = [1],
        ["contains"] = [1],
        ["getFullYear"] = [0, 1],
        ["getMonth"] = [0, 1],
        ["getDate"] = [0, 1],
        ["getDayOfMonth"] = [0, 1],
        ["getDayOfWeek"] = [0, 1],
        ["getDayOfYear"] = [0, 1],
        ["getHours"] = [0, 1],
        ["getMinutes"] = [0, 1],
        ["getSeconds"] = [0, 1],
        ["getMilliseconds"] = [0, 1],
    };

    /// <summary>What is wrong with the call; null when Envoy knows it.</summary>
    public static string? Problem(CelCall call)
    {
        int count = call.Arguments.Count;
        string name = call.Function.TrimStart('.');
        if (call.Target is null)
        {
            return Globals.TryGetValue(name, out int[]? counts)
                ? Miscounted(call.Function, counts, count)
                : Unknown(name, Methods.ContainsKey(name) ? $"write it after its operand: x.{name}(…)" : null);
        }

        string? qualified = CelNames.Qualified(call.Target) is { } prefix ? $"{prefix.TrimStart('.')}.{name}" : null;
        if (qualified is not null && Globals.TryGetValue(qualified, out int[]? namespaced))
        {
            return Miscounted(qualified, namespaced, count);
        }

        return Methods.TryGetValue(name, out int[]? allowed)
            ? Miscounted(name, allowed, count)
            : Unknown(name, Globals.ContainsKey(name) ? $"write it before its operand: {name}(x)" : null);
    }

    private static string? Miscounted(string name, int[] allowed, int count) => allowed.Contains(count)
        ? null
        : $"{name} is called with {count} {(count == 1 ? "argument" : "arguments")}; Envoy has it with {string.Join(" or ", allowed)}";

    private static string Unknown(string name, string? advice) =>
        $"Envoy has no function \"{name}\"; {advice ?? Replacement(name) ?? $"functions are {string.Join(", ", Globals.Keys.Where(known => known[0] != '_'))}, methods {string.Join(", ", Methods.Keys)}"}";

    private static string? Replacement(string name) => name switch
    {
        "string" => "Envoy switches the conversion to string off; send the attribute as it is",
        "lowerAscii" or "upperAscii" or "split" or "join" or "replace" or "substring" or "trim" or "indexOf" or "charAt" =>
            "the string extensions are not part of it; use re.extract(text, pattern, rewrite), or do it in the processor",
        "all" or "exists" or "exists_one" or "map" or "filter" => "loops are switched off; do it in the processor",
        _ => null,
    };
}
