using System.Xml;

namespace PolicyValidator.Reporting;

/// <summary>One XML document as text.</summary>
internal static class XmlText
{
    /// <summary>Prints what is written into the writer, behind the XML declaration.</summary>
    public static void Write(TextWriter output, Action<XmlWriter> write)
    {
        output.Write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        using (XmlWriter xml = XmlWriter.Create(output, new() { Indent = true, NewLineChars = "\n", OmitXmlDeclaration = true }))
        {
            write(xml);
        }

        output.Write("\n");
    }

    /// <summary>Text without the characters that XML has no way to write.</summary>
    public static string Safe(string text) =>
        string.Concat(DisplayText.Safe(text).Select(each => XmlConvert.IsXmlChar(each) || char.IsSurrogate(each) ? each : '\uFFFD'));
}
