using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Kubernetes;

/// <summary>A Kubernetes object of the input.</summary>
/// <param name="Document">The document it is.</param>
/// <param name="Value">All of it.</param>
/// <param name="Problems">What its text already says wrong: repeated keys.</param>
internal sealed record KubernetesObject(SourceDocument Document, KubernetesValue Value, IReadOnlyList<ConfigProblem> Problems)
{
    /// <summary>Such as <c>Gateway</c>.</summary>
    public string Kind => Value.TextOf("kind") ?? "";

    /// <summary>The API group; empty for the core group.</summary>
    public string Group => Value.TextOf("apiVersion") is { } version && version.Contains('/', StringComparison.Ordinal) ? version[..version.IndexOf('/', StringComparison.Ordinal)] : "";

    /// <summary>The version within the group.</summary>
    public string ApiVersion => Value.TextOf("apiVersion") is { } version ? version[(version.IndexOf('/', StringComparison.Ordinal) + 1)..] : "";

    /// <summary>Its name; empty when it has none yet.</summary>
    public string Name => Value["metadata"]?.TextOf("name") ?? "";

    /// <summary>Its namespace; <c>default</c> where it names none, which is where kubectl puts it.</summary>
    public string Namespace => Value["metadata"]?.TextOf("namespace") is { Length: > 0 } written ? written : "default";

    /// <summary>Its <c>spec</c>.</summary>
    public KubernetesValue? Spec => Value["spec"];

    /// <summary>Whether a document is an object at all.</summary>
    public static bool Is(Node? root) => root is MappingNode mapping && mapping["apiVersion"] is ScalarNode && mapping["kind"] is ScalarNode;

    /// <summary>Reads a document that is one.</summary>
    public static KubernetesObject Read(SourceDocument document)
    {
        List<ConfigProblem> problems = [];
        return new(document, KubernetesReader.Read(document, document.Root!, problems), problems);
    }

    /// <summary>Whether it is the same object in another document, as overlays for several clusters have it: the two never stand in one.</summary>
    public bool IsCopyOf(KubernetesObject other) =>
        !ReferenceEquals(Document, other.Document) && Kind == other.Kind && Group == other.Group && Namespace == other.Namespace && Name == other.Name;

    /// <summary>Whether it is of a kind in a group.</summary>
    public bool IsA(string group, string kind) => Group == group && Kind == kind;
}

/// <summary>An entry of a policy, out of which a product makes a filter.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Entry">The entry.</param>
/// <param name="Index">Its place in the list, from 0.</param>
internal sealed record PolicyEntry(KubernetesObject Policy, KubernetesValue Entry, int Index)
{
    /// <summary>The name that Envoy Gateway gives the filter.</summary>
    public string FilterName => $"envoy.filters.http.ext_proc/envoyextensionpolicy/{Policy.Namespace}/{Policy.Name}/extproc/{Index}";
}
