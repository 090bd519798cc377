using System.Globalization;
using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Kubernetes;

/// <summary>The <c>ExternalProcessor</c> that Envoy Gateway makes of an entry of <c>spec.extProc</c>, without what the user cannot change.</summary>
internal sealed class EnvoyGatewayTranslator(ProductVersion release)
{
    private static readonly ProductVersion RetriesSince = new(1, 6, 0);

    private static readonly Dictionary<string, string> BodyModes = new()
    {
        ["Streamed"] = "STREAMED",
        ["Buffered"] = "BUFFERED",
        ["BufferedPartial"] = "BUFFERED_PARTIAL",
        ["FullDuplexStreamed"] = "FULL_DUPLEX_STREAMED",
    };

    /// <summary>Translates an entry that the resource's definition accepts.</summary>
    public MappingNode Translate(PolicyEntry source)
    {
        KubernetesValue entry = source.Entry;
        KubernetesValue? mode = entry["processingMode"];
        return GeneratedNodes.Mapping(
            entry.Node,
            ("grpc_service", GrpcService(source)),
            ("failure_mode_allow", entry["failOpen"] is { } open ? GeneratedNodes.Bool(open.Node, entry.IsTrue("failOpen")) : null),
            ("message_timeout", entry["messageTimeout"] is { } timeout ? GeneratedNodes.Text(timeout.Node, Duration(timeout.Text)) : null),
            ("processing_mode", ProcessingMode(entry, mode)),
            ("request_attributes", Attributes(mode?["request"])),
            ("response_attributes", Attributes(mode?["response"])),
            ("allow_mode_override", mode?["allowModeOverride"] is { } allow ? GeneratedNodes.Bool(allow.Node, mode.IsTrue("allowModeOverride")) : null),
            ("metadata_options", Metadata(entry["metadata"])),
            ("observability_mode", entry["shadowMode"] is { } shadow ? GeneratedNodes.Bool(shadow.Node, entry.IsTrue("shadowMode")) : null),
            ("status_on_error", entry["statusOnError"] is { } status ? GeneratedNodes.Mapping(status.Node, ("code", GeneratedNodes.Number(status.Node, status.Text))) : null));
    }

    private MappingNode GrpcService(PolicyEntry source)
    {
        Node at = source.Entry["backendRefs"]?.Node ?? source.Entry.Node;
        string cluster = $"envoyextensionpolicy/{source.Policy.Namespace}/{source.Policy.Name}/extproc/{source.Index}";
        KubernetesValue? retry = release >= RetriesSince ? source.Entry["backendSettings"]?["retry"] : null;
        return GeneratedNodes.Mapping(
            at,
            ("envoy_grpc", GeneratedNodes.Mapping(at, ("cluster_name", GeneratedNodes.Text(at, cluster)))),
            ("retry_policy", retry is null ? null : GeneratedNodes.Mapping(retry.Node, ("num_retries", retry["numRetries"] is { } count ? GeneratedNodes.Number(count.Node, count.Text) : null))));
    }

    /// <summary>A direction that is there sends its headers; its trailers follow a full-duplex body since 1.4.2 only.</summary>
    private MappingNode ProcessingMode(KubernetesValue entry, KubernetesValue? mode)
    {
        Node at = mode?.Node ?? entry.Node;
        return GeneratedNodes.Mapping(at, [.. Direction("request", mode?["request"], at), .. Direction("response", mode?["response"], at)]);
    }

    private IEnumerable<(string, Node?)> Direction(string name, KubernetesValue? direction, Node mode)
    {
        Node at = direction?.Node ?? mode;
        KubernetesValue? body = direction?["body"];
        bool sendsTrailers = body?.Text == "FullDuplexStreamed" && release >= EnvoyGatewayReleases.FillsTrailers;
        return
        [
            ($"{name}_header_mode", GeneratedNodes.Text(at, direction is null ? "SKIP" : "SEND")),
            ($"{name}_body_mode", body is null ? null : GeneratedNodes.Text(body.Node, BodyModes[body.Text])),
            ($"{name}_trailer_mode", GeneratedNodes.Text(body?.Node ?? at, sendsTrailers ? "SEND" : "SKIP")),
        ];
    }

    private static SequenceNode? Attributes(KubernetesValue? direction) => direction?["attributes"] is { Items.Count: > 0 } attributes
        ? GeneratedNodes.List(attributes.Node, attributes.Items.Select(item => GeneratedNodes.Text(item.Node, item.Text)))
        : null;

    private static MappingNode? Metadata(KubernetesValue? metadata) => metadata is null ? null : GeneratedNodes.Mapping(
        metadata.Node,
        ("forwarding_namespaces", Namespaces(metadata["accessibleNamespaces"])),
        ("receiving_namespaces", Namespaces(metadata["writableNamespaces"])));

    private static MappingNode? Namespaces(KubernetesValue? names) => names is null ? null : GeneratedNodes.Mapping(
        names.Node,
        ("untyped", GeneratedNodes.List(names.Node, names.Items.Select(item => GeneratedNodes.Text(item.Node, item.Text)))));

    /// <summary>A duration of the Gateway API as protobuf writes it.</summary>
    private static string Duration(string text) =>
        string.Create(CultureInfo.InvariantCulture, $"{GoDuration.SecondsOf(text) ?? 0:0.#########}s");
}
