using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PolicyValidator.Reporting;

/// <summary>One JSON value as text that people can read too.</summary>
internal static partial class JsonText
{
    private static readonly JsonWriterOptions Form = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Prints what is written into the writer, and a line end.</summary>
    public static void Write(TextWriter output, Action<Utf8JsonWriter> write)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, Form))
        {
            write(json);
        }

        output.Write(Escaped(Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length)) + "\n");
    }

    /// <summary>
    /// JSON in which no character is obeyed by what shows it: the writer leaves those as they are that turn the direction of the line, and
    /// the words of CI systems. Both can stand in strings only, where an escape means the same.
    /// </summary>
    private static string Escaped(string json) => Obeyed().Replace(json, match => match.Value switch
    {
        ['#', ..] => @"\u0023#",
        [var high, var low] when !DisplayText.IsControl(new(high, low)) => match.Value,
        var obeyed => string.Concat(obeyed.Select(unit => $@"\u{(int)unit:x4}")),
    });

    [GeneratedRegex(@"##(?=[a-zA-Z]*\[)|[\u007f-\u009f\u2028\u2029\p{Cf}]|[\ud800-\udbff][\udc00-\udfff]", RegexOptions.CultureInvariant)]
    private static partial Regex Obeyed();
}
