using System.Text.Encodings.Web;
using System.Text.Json;

namespace PolicyValidator.Reporting;

/// <summary>One JSON value as text that people can read too.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions Form = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Prints what is written into the writer, and a line end.</summary>
    public static void Write(TextWriter output, Action<Utf8JsonWriter> write)
    {
        JsonLines lines = new(output);
        using (Utf8JsonWriter json = new(lines, Form))
        {
            write(json);
        }

        lines.End();
    }
}
