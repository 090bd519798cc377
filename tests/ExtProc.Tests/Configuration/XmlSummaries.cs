using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ExtProc.Configuration.Reading;
using ExtProc.Front;

namespace ExtProc.Tests.Configuration;

/// <summary>The summaries of the libraries' XML documentation as Markdown or plain text.</summary>
internal static partial class XmlSummaries
{
    private static readonly Dictionary<string, XElement> Members = ((Type[])[typeof(Processor), typeof(ExtProcFilterOptions)])
        .SelectMany(type => XDocument.Load(Path.ChangeExtension(type.Assembly.Location, ".xml")).Descendants("member"))
        .ToDictionary(member => member.Attribute("name")!.Value);

    public static string Of(PropertyInfo property) => Text($"P:{Name(property.DeclaringType!)}.{property.Name}")
        ?? Parameter(property)
        ?? throw new InvalidOperationException($"{property.DeclaringType}.{property.Name} has no summary");

    public static string? Of(Type type) => Text($"T:{Name(type)}");

    private static string Name(Type type) => type.FullName!.Replace('+', '.');

    private static string? Text(string member) => Members.GetValueOrDefault(member)?.Element("summary") is { } summary ? Plain(summary) : null;

    // A positional record's properties are documented as parameters of the type.
    private static string? Parameter(PropertyInfo property) => Members.GetValueOrDefault($"T:{Name(property.DeclaringType!)}")?
        .Elements("param").FirstOrDefault(parameter => parameter.Attribute("name")!.Value == property.Name) is { } parameter ? Plain(parameter) : null;

    private static string Plain(XElement element) => Blanks().Replace(string.Concat(element.Nodes().Select(Node)), " ").Trim();

    private static string Node(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement see when see.Attribute("langword") is { } word => $"`{word.Value}`",
        XElement see when see.Attribute("cref") is { } cref => $"`{Shown(cref.Value)}`",
        XElement other => Plain(other),
        _ => "",
    };

    private static string Shown(string cref) =>
        cref[(cref.LastIndexOf('.') + 1)..] is var name && cref.StartsWith("P:", StringComparison.Ordinal) && !cref.StartsWith("P:ExtProc.Front.", StringComparison.Ordinal) ? ConfigKey.Of(name) : name;

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
