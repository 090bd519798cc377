using PolicyValidator.Decoding;
using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Kubernetes;

/// <summary>
/// A patch of an EnvoyFilter for HTTP filters. Istio makes all insertions first, then merges into each filter that is there, also into one
/// that was just inserted; by priority, then by the age of the objects, which is not known here.
/// </summary>
internal sealed record HttpFilterPatch(KubernetesObject Object, KubernetesValue Patch)
{
    /// <summary>The HTTP filter that it writes; null when it writes none.</summary>
    public MappingNode? Value => Patch["patch"]?["value"]?.Node as MappingNode;

    /// <summary>The configuration in that, if it says to be ext_proc's.</summary>
    public MappingNode? Config =>
        Value?.Field("typed_config") is MappingNode config && config["@type"].Text?.EndsWith("ext_proc.v3.ExternalProcessor", StringComparison.Ordinal) == true ? config : null;

    /// <summary>The name of the filter that it writes.</summary>
    public string? Name => Value?.Field("name").Text;

    /// <summary>The name of the filter that it is for; null when it is for all.</summary>
    public string? SubFilter => FilterMatch?["subFilter"]?.TextOf("name");

    /// <summary>Whether it puts a filter in.</summary>
    public bool IsInsert => Operation.StartsWith("INSERT_", StringComparison.Ordinal) || Operation is "ADD" or "REPLACE";

    /// <summary>Whether it changes a filter that is there.</summary>
    public bool IsMerge => Operation == "MERGE";

    private string Operation => Patch["patch"]?.TextOf("operation") ?? "";

    private KubernetesValue? ListenerMatch => Patch["match"]?["listener"];

    private KubernetesValue? FilterMatch => ListenerMatch?["filterChain"]?["filter"];

    /// <summary>All of a run, in the order of their priority.</summary>
    public static IEnumerable<HttpFilterPatch> All(IEnumerable<KubernetesObject> objects) =>
        from found in objects
        where found.IsA("networking.istio.io", "EnvoyFilter")
        orderby KubernetesScalar.NumberOf(found.Spec?.TextOf("priority") ?? "0")
        from patch in found.Spec?.ItemsOf("configPatches") ?? []
        where patch.TextOf("applyTo") == "HTTP_FILTER"
        select new HttpFilterPatch(found, patch);

    /// <summary>What it asks of the place, each part as text; an empty part asks nothing.</summary>
    public IReadOnlyList<string> Scope => scope ??=
    [
        Object.Namespace,
        Part(Object.Spec?["workloadSelector"]),
        Part(Object.Spec?["targetRefs"]),
        Part(Patch["match"]?["proxy"]),
        Patch["match"]?.TextOf("context") is { } context and not "ANY" ? context : "",
        Part(ListenerMatch?["name"]),
        Part(ListenerMatch?["portNumber"]),
        Part(ListenerMatch?["filterChain"]?["name"]),
        Part(ListenerMatch?["filterChain"]?["sni"]),
    ];

    /// <summary>Whether it is for every place for which another one is.</summary>
    public bool Covers(HttpFilterPatch other) => Scope.Zip(other.Scope).All(part => part.First.Length == 0 || part.First == part.Second);

    private IReadOnlyList<string>? scope;

    private static string Part(KubernetesValue? value) => value is null ? "" : Written(value);

    private static string Written(KubernetesValue value) =>
        $"{value.Text}{string.Concat(value.Fields.OrderBy(field => field.Name, StringComparer.Ordinal).Select(field => $"{{{field.Name}:{Written(field.Value)}}}"))}{string.Concat(value.Items.Select(item => $"[{Written(item)}]"))}";
}
