using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;
using PolicyValidator.Decoding;
using PolicyValidator.Inputs;

namespace PolicyValidator.Rules;

/// <summary>Envoy's fields have two spellings; who writes lowerCamelCase is told what to write in lowerCamelCase.</summary>
internal sealed partial class FieldSpelling
{
    /// <summary>The names of ext_proc's own fields that have two spellings: the camelCase one by the snake_case one.</summary>
    private static readonly Dictionary<string, string> CamelCase = new[] { TypeUrls.Filter, TypeUrls.PerRoute }
        .SelectMany(type => Names(EnvoyTypes.Find(type)!, []))
        .Where(field => field.Name.Contains('_', StringComparison.Ordinal))
        .DistinctBy(field => field.Name)
        .ToDictionary(field => field.Name, field => field.JsonName, StringComparer.Ordinal);

    private static readonly HashSet<string> InCamelCase = [.. CamelCase.Values];

    /// <summary>By mapping, the first of its keys that has two spellings: one mapping may hold all findings of a run.</summary>
    private readonly Dictionary<MappingNode, string?> firstNames = new(ReferenceEqualityComparer.Instance);

    /// <summary>The finding, with the names in its help as they are spelt around its place. Its message keeps the name of the API, by which baselines know it.</summary>
    public Finding Of(Finding finding) => finding.Document?.Root is not { } root || !IsCamelCase(root, finding.Pointer)
        ? finding
        : finding with
        {
            Help = Spelt(finding.Help),
            Fix = finding.Fix is { } fix ? fix with { Title = Spelt(fix.Title) } : null,
        };

    /// <summary>Whether a name on the way to a place, or beside it, is written so. Where both spellings stand, the first one counts.</summary>
    private bool IsCamelCase(Node root, string pointer)
    {
        string[] steps = pointer.Split('/');
        MappingNode? around = root as MappingNode;
        Node? node = root;
        foreach (string step in steps.Skip(1))
        {
            node = node switch
            {
                MappingNode mapping => mapping[step],
                SequenceNode list when int.TryParse(step, out int index) && index < list.Items.Count => list.Items[index],
                _ => null,
            };
            around = node as MappingNode ?? around;
        }

        return (steps.FirstOrDefault(HasTwoSpellings) ?? FirstNameIn(around)) is { } first && InCamelCase.Contains(first);
    }

    private string? FirstNameIn(MappingNode? mapping)
    {
        if (mapping is null)
        {
            return null;
        }

        return firstNames.TryGetValue(mapping, out string? first) ? first : firstNames[mapping] = mapping.Entries.Select(entry => entry.Key.Value).FirstOrDefault(HasTwoSpellings);
    }

    private static bool HasTwoSpellings(string name) => InCamelCase.Contains(name) || CamelCase.ContainsKey(name);

    private static string Spelt(string text) => SnakeCase().Replace(text, name => CamelCase.GetValueOrDefault(name.Value, name.Value));

    private static IEnumerable<FieldDescriptor> Names(MessageDescriptor type, HashSet<MessageDescriptor> seen) => !seen.Add(type)
        ? []
        : type.Fields.InDeclarationOrder().SelectMany(field => field.FieldType == FieldType.Message && !field.IsMap ? Names(field.MessageType, seen).Prepend(field) : [field]);

    [GeneratedRegex("[a-z]+(_[a-z0-9]+)+")]
    private static partial Regex SnakeCase();
}
