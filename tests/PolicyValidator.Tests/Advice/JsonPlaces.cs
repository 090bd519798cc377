using System.Text.Json.Nodes;

namespace PolicyValidator.Tests.Advice;

/// <summary>Places in a document, by JSON pointer.</summary>
internal static class JsonPlaces
{
    extension(JsonNode root)
    {
        /// <summary>The value at a pointer; null where there is none.</summary>
        public JsonNode? At(string pointer) => Steps(pointer).Aggregate((JsonNode?)root, (node, step) => node switch
        {
            JsonObject mapping => mapping[KeyIn(mapping, step)],
            JsonArray list when int.TryParse(step, out int index) && index < list.Count => list[index],
            _ => null,
        });

        /// <summary>Takes away what stands at a pointer; false where nothing does.</summary>
        public bool Remove(string pointer)
        {
            string name = Steps(pointer)[^1];
            switch (root.At(Around(pointer)))
            {
                case JsonObject mapping:
                    return mapping.Remove(KeyIn(mapping, name));
                case JsonArray list when int.TryParse(name, out int index) && index < list.Count:
                    list.RemoveAt(index);
                    return true;
                default:
                    return false;
            }
        }

        /// <summary>Writes a word at a pointer, with the mappings on the way to it.</summary>
        public bool Set(string pointer, JsonNode value)
        {
            JsonNode? at = root;
            string[] steps = Steps(pointer);
            foreach (string step in steps[..^1])
            {
                at = at switch
                {
                    JsonObject mapping => mapping[KeyIn(mapping, step)] ??= new JsonObject(),
                    JsonArray list when int.TryParse(step, out int index) && index < list.Count => list[index],
                    _ => null,
                };
            }

            if (at is not JsonObject last)
            {
                return false;
            }

            last[KeyIn(last, steps[^1])] = value;
            return true;
        }

        /// <summary>The pointers of all values that stand under a key.</summary>
        public List<string> Under(string key) => [.. Below(root, "").Where(pointer => pointer.EndsWith("/" + key, StringComparison.Ordinal))];
    }

    /// <summary>The pointer of what is around.</summary>
    public static string Around(string pointer) => pointer[..Math.Max(0, pointer.LastIndexOf('/'))];

    private static string[] Steps(string pointer) =>
        pointer.Length == 0 ? [] : [.. pointer[1..].Split('/').Select(step => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];

    /// <summary>A field's name as it stands there: in camelCase, if that is how it is written.</summary>
    private static string KeyIn(JsonObject mapping, string name) =>
        mapping.ContainsKey(name) ? name : mapping.Select(entry => entry.Key).FirstOrDefault(key => Plain(key) == Plain(name)) ?? name;

    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    private static IEnumerable<string> Below(JsonNode? node, string pointer) => node switch
    {
        JsonObject mapping => mapping.SelectMany(entry => Below(entry.Value, $"{pointer}/{entry.Key}").Prepend($"{pointer}/{entry.Key}")),
        JsonArray list => list.SelectMany((item, index) => Below(item, $"{pointer}/{index}")),
        _ => [],
    };
}
