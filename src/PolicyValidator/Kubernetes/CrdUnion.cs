using PolicyValidator.Decoding;

namespace PolicyValidator.Kubernetes;

/// <summary>The most frequent rule of all: a field stands exactly when <c>type</c> has a certain value.</summary>
internal static class CrdUnion
{
    /// <summary>The rule for one value and its field.</summary>
    /// <param name="path">What it is asked of.</param>
    /// <param name="type">The value of <c>type</c>.</param>
    /// <param name="field">The field that goes with it.</param>
    /// <param name="since">The first release that has the rule.</param>
    public static CrdRule Of(string path, string type, string field, string? since = null) => new(path, since, null, value => (value.TextOf("type") == type, value[field]) switch
    {
        (true, null) => new(value["type"]!, $"type is {type}, but '{field}' is missing", $"add '{field}'"),
        (false, { } set) => new(set, $"'{field}' beside type {Described.Short(value.TextOf("type") ?? "")}", $"remove '{field}', or set type: {type}"),
        _ => null,
    });
}
