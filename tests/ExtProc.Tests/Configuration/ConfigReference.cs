using System.ComponentModel.DataAnnotations;
using System.Text;
using ExtProc.Configuration;
using ExtProc.Configuration.Binding;
using ExtProc.Pipeline;

namespace ExtProc.Tests.Configuration;

/// <summary>The tables of <c>docs/configuration.md</c>, from the same shapes that the binder reads.</summary>
internal static class ConfigReference
{
    public static string Settings() => Table(Rows(typeof(ExtProcOptions), new ExtProcOptions(), ""));

    /// <summary>What bounds an exchange, a connection and the process, each with its default: a table of <c>docs/security.md</c>.</summary>
    public static string Bounds()
    {
        StringBuilder table = new("| setting | default | what it bounds |\n|---|---|---|\n");
        foreach (var (path, member, standard) in Rows(typeof(ExtProcOptions), new ExtProcOptions(), "").Where(row => IsBound(row.Path)))
        {
            table.Append($"| `{path}` | {Shown(standard, member)} | {FirstSentence(XmlSummaries.Of(member.Property))} |\n");
        }

        return table.ToString();
    }

    private static bool IsBound(string path) =>
        path.StartsWith("limits.", StringComparison.Ordinal) || path.StartsWith("transport.", StringComparison.Ordinal);

    private static string FirstSentence(string text) => text.Split(". ")[0].TrimEnd('.') + ".";

    public static string Processors(ProcessorCatalog catalog)
    {
        StringBuilder text = new();
        foreach (var kind in catalog.All)
        {
            text.Append($"\n### `{kind.Name}`\n\n{XmlSummaries.Of(kind.ProcessorType)}\n");
            text.Append(kind.OptionsType is null ? "\nTakes no options.\n" : $"\n{Table(Rows(kind.OptionsType, Defaults(kind.OptionsType), ""))}");
        }

        return text.ToString().TrimStart('\n');
    }

    private static string Table(IEnumerable<(string Path, ConfigMember Member, object? Default)> rows)
    {
        StringBuilder table = new("| setting | value | default | range | meaning |\n|---|---|---|---|---|\n");
        foreach (var (path, member, standard) in rows)
        {
            string range = member.Range is var (least, most) ? $"{least} to {most}"
                : member.Annotations.OfType<LengthAttribute>().FirstOrDefault() is { } length ? $"{length.MinimumLength} to {length.MaximumLength} long"
                : "";
            table.Append($"| `{path}` | {ValueOf(member)} | {(member.IsRequired ? "required" : Shown(standard, member))} | {range} | {XmlSummaries.Of(member.Property).Replace("|", "\\|")} |\n");
        }

        return table.ToString();
    }

    private static IEnumerable<(string Path, ConfigMember Member, object? Default)> Rows(Type type, object? standard, string path)
    {
        foreach (var member in ConfigShape.Of(type).Members.Where(member => member.Type != typeof(PipelineDefinition)))
        {
            string inner = path + member.Key;
            object? value = standard is null ? null : member.Property.GetValue(standard);
            Type? item = CollectionTypes.IsList(member.Type, out var listed) || CollectionTypes.IsMap(member.Type, out listed) ? listed : null;
            bool isNested = item is null && !ScalarTypes.Knows(member.Type);
            if (!isNested || ConfigShape.Of(member.Type).ShortForm is not null)
            {
                yield return (inner, member, value);
            }

            Type nested = item ?? member.Type;
            if (!ScalarTypes.Knows(nested) && nested != typeof(ProcessingMode) | item is null)
            {
                // A short form's own property is described by the line above.
                foreach (var row in Rows(nested, item is null ? value ?? Defaults(nested) : Defaults(nested), inner + (item is null ? "." : "[].")))
                {
                    yield return row;
                }
            }
        }
    }

    private static object? Defaults(Type type)
    {
        var shape = ConfigShape.Of(type);
        return shape.Members.Any(member => member.IsRequired) && type.GetConstructor([]) is null ? null : shape.Create(new Dictionary<ConfigMember, object?>());
    }

    private static string ValueOf(ConfigMember member) =>
        CollectionTypes.IsMap(member.Type, out var mapped) ? $"map of names to {Noun(mapped)}s"
        : CollectionTypes.IsList(member.Type, out var item) ? $"list of {Noun(item)}s"
        : ScalarTypes.Knows(member.Type) ? ScalarTypes.NameOf(member.Type, member.IsSize)
        : ScalarTypes.NameOf(ConfigShape.Of(member.Type).ShortForm!.Type);

    private static string Noun(Type type) => ScalarTypes.Knows(type) ? ScalarTypes.NameOf(type) : ExtProc.Configuration.Reading.ConfigKey.Of(type.Name.Replace("Options", ""));

    private static string Shown(object? value, ConfigMember member) => value switch
    {
        null => "",
        string { Length: 0 } => "",
        _ when ScalarTypes.Knows(member.Type) => ScalarTypes.Format(value, member.IsSize),
        AdminOptions admin => admin.Address.ToString(),
        IEnumerable<ListenerOptions> listeners => string.Join(", ", listeners.Select(listener => listener.Address)),
        _ => "",
    };
}
