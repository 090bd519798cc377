using System.Text.RegularExpressions;
using PolicyValidator.Decoding;
using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Kubernetes;

/// <summary>Holds an object's <c>metadata</c> against the rules that all custom resources share.</summary>
internal sealed partial class ObjectMetaCheck(SourceDocument document)
{
    private static readonly HashSet<string> Known =
    [
        "name", "generateName", "namespace", "labels", "annotations", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp",
        "deletionGracePeriodSeconds", "ownerReferences", "finalizers", "managedFields", "selfLink",
    ];

    private readonly List<ConfigProblem> problems = [];

    /// <summary>Everything that is wrong with an object's metadata.</summary>
    public IReadOnlyList<ConfigProblem> Check(KubernetesValue root)
    {
        if (root["metadata"] is not { Kind: JsonKind.Object } metadata)
        {
            Node at = root["metadata"]?.Node ?? root.Node;
            Add(at, "metadata with a name is missing", "add metadata with a name");
            return problems;
        }

        foreach (KubernetesField field in metadata.Fields.Where(field => !Known.Contains(field.Name)))
        {
            problems.Add(new(ProblemKind.KubernetesField, document, field.Key.UseSpan, field.Value.Node.Pointer, $"'{field.Name}' is not a field of 'metadata'", Described.Nearest(field.Name, Known)));
        }

        Name(metadata);
        Namespace(metadata);
        Labels(metadata["labels"]);
        Strings(metadata["annotations"], "annotations");
        return problems;
    }

    private void Name(KubernetesValue metadata)
    {
        if (metadata["name"] is not { } name || name is { Kind: JsonKind.String, Text: "" })
        {
            if (metadata["generateName"] is null)
            {
                Add(metadata["name"]?.Node ?? metadata.Node, "the object has no name", "give it metadata.name");
            }

            return;
        }

        if (name.Kind != JsonKind.String)
        {
            Add(name.Node, $"{name.Described} where a string should stand", "write the name in quotes");
        }
        else if (name.Text.Length > 253 || !Subdomain().IsMatch(name.Text))
        {
            Add(name.Node, $"{name.Described} cannot be a name", "use lower case letters, digits, '-' and '.', at most 253, with a letter or digit at both ends");
        }
    }

    private void Namespace(KubernetesValue metadata)
    {
        if (metadata["namespace"] is { } name && !(name.Kind == JsonKind.String && (name.Text.Length == 0 || (name.Text.Length <= 63 && Label().IsMatch(name.Text)))))
        {
            Add(name.Node, $"{name.Described} cannot be a namespace", "use lower case letters, digits and '-', at most 63, with a letter or digit at both ends");
        }
    }

    private void Labels(KubernetesValue? labels)
    {
        Strings(labels, "labels");
        foreach (KubernetesField label in labels?.Fields.Where(label => label.Value.Kind == JsonKind.String) ?? [])
        {
            if (label.Value.Text.Length > 63 || !LabelValue().IsMatch(label.Value.Text))
            {
                Add(label.Value.Node, $"{label.Value.Described} cannot be the value of a label", "use letters, digits, '-', '_' and '.', at most 63, with a letter or digit at both ends");
            }

            if (!LabelKey().IsMatch(label.Name))
            {
                Add(label.Key, $"'{Described.Short(label.Name)}' cannot be the name of a label", "use an optional domain and a slash, then letters, digits, '-', '_' and '.', at most 63");
            }
        }
    }

    private void Strings(KubernetesValue? map, string name)
    {
        if (map is not null and not { Kind: JsonKind.Object })
        {
            Add(map.Node, $"{map.Described} where a mapping should stand", $"write {name} as a mapping of strings");
        }

        foreach (KubernetesField field in map?.Fields.Where(field => field.Value.Kind is not (JsonKind.String or JsonKind.Null)) ?? [])
        {
            Add(field.Value.Node, $"{field.Value.Described} where a string should stand", "write it in quotes");
        }
    }

    private void Add(Node node, string message, string help) =>
        problems.Add(new(ProblemKind.KubernetesValue, document, node.UseSpan, node.Pointer, message, help));

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Subdomain();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Label();

    [GeneratedRegex(@"^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex LabelValue();

    [GeneratedRegex(@"^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex LabelKey();
}
