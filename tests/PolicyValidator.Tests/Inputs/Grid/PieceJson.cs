using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PolicyValidator.Tests.Inputs.Grid;

/// <summary>Values in one spelling, so that readings of different readers can be compared as texts.</summary>
internal static class PieceJson
{
    /// <summary>What stands for a file that is taken without the piece: it lies in a document that nobody reads.</summary>
    public const string NotRead = "\"not read\"";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject members => $"{{{string.Join(",", members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => $"{Quoted(member.Key)}:{Of(member.Value)}"))}}}",
        JsonArray items => $"[{string.Join(",", items.Select(Of))}]",
        JsonValue value => value.GetValueKind() switch
        {
            JsonValueKind.String => Quoted((string)value!),
            JsonValueKind.Number => Number(value.ToJsonString()),
            _ => value.ToJsonString(),
        },
        _ => throw new ArgumentException($"{node.GetType()} is no JSON", nameof(node)),
    };

    public static string Quoted(string text) => JsonSerializer.Serialize(text, Plain);

    /// <summary>As a double, which is what both readers' outputs can hold at most.</summary>
    public static string Number(string text) =>
        double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) is var number && number == 0 ? "0" : number.ToString("R", CultureInfo.InvariantCulture);
}
