using System.Globalization;
using PolicyValidator.Inputs;
using PolicyValidator.Kubernetes;
using PolicyValidator.Model;

namespace PolicyValidator.Readers;

/// <summary>
/// kgateway's <c>GatewayExtension</c>, which becomes a filter, and <c>TrafficPolicy</c>, which overrides its mode on routes. Their
/// processing mode has Envoy's fields and defaults, so Envoy's rules and fixes fit the user's own text.
/// </summary>
internal sealed class KgatewayReader : IInputReader
{
    public string Kind => "kgateway GatewayExtension, TrafficPolicy";

    public bool Reads(Node root) =>
        root is MappingNode mapping && mapping["kind"].Text is "GatewayExtension" or "TrafficPolicy"
        && (root as MappingNode)!["apiVersion"].Text?.StartsWith("gateway.kgateway.dev/", StringComparison.Ordinal) == true;

    public void Read(SourceDocument document, PolicyBuilder builder)
    {
        KubernetesObject found = KubernetesObject.Read(document);
        builder.Add(LaterField.In(found, found.Kind == "GatewayExtension" ? LaterField.OfGatewayExtension : [], "kgateway", builder.Target.Kgateway));
        if (found.Spec?["extProc"] is not { Node: MappingNode written } extProc)
        {
            return;
        }

        bool isFilter = found.Kind == "GatewayExtension";
        if (isFilter || extProc["processingMode"] is not null)
        {
            MappingNode made = isFilter ? Filter(extProc, written) : Override(written);
            new ConfigWalker(document with { Root = made, IsPart = true }, builder, isDynamic: false, isFilter ? $"{found.Namespace}/{found.Name}" : RefersTo(found))
                .Root(isFilter ? EnvoyMessages.ExternalProcessor : EnvoyMessages.ExtProcPerRoute);
        }
    }

    /// <summary>The GatewayExtension that a TrafficPolicy sets to work.</summary>
    private static string? RefersTo(KubernetesObject policy) => policy.Spec?["extProc"]?["extensionRef"] is { } reference
        ? $"{reference.TextOf("namespace") ?? policy.Namespace}/{reference.TextOf("name")}"
        : null;

    private static MappingNode Filter(KubernetesValue extProc, MappingNode written)
    {
        Node service = extProc["grpcService"]?.Node ?? written;
        MappingNode grpc = GeneratedNodes.Mapping(service, ("envoy_grpc", GeneratedNodes.Mapping(service, ("cluster_name", GeneratedNodes.Text(service, "backend")))));
        return Around(
            written,
            [
                new(new ScalarNode(service.Entry?.Key.UseSpan ?? service.UseSpan, "grpc_service", ScalarStyle.Plain), grpc),
                .. Entry(written, "failOpen", "failure_mode_allow"),
                .. Entry(written, "processingMode", "processing_mode"),
                .. Entry(written, "allowProcessingModeOverride", "allow_mode_override"),
                .. Entry(written, "allowedProcessingModeOverrides", "allowed_override_modes"),
                .. Entry(written, "statPrefix", "stat_prefix"),
                .. Entry(written, "requestAttributes", "request_attributes"),
                .. Entry(written, "responseAttributes", "response_attributes"),
                .. Timeout(written, "messageTimeout", "message_timeout"),
                .. Timeout(written, "maxMessageTimeout", "max_message_timeout"),
            ]);
    }

    private static MappingNode Override(MappingNode written) => Around(
        written,
        [new(new ScalarNode(written.UseSpan, "overrides", ScalarStyle.Plain), Around(written, Entry(written, "processingMode", "processing_mode")))]);

    /// <summary>The user's own value under Envoy's name: it keeps its parent and its place, so that it can be edited.</summary>
    private static IReadOnlyList<MappingEntry> Entry(MappingNode written, string field, string name) =>
        written.EntryOf(field) is { } entry && entry.Value.IsSet ? [new(new ScalarNode(entry.Key.UseSpan, name, ScalarStyle.Plain), entry.Value)] : [];

    /// <summary>A duration of the Gateway API as protobuf writes it.</summary>
    private static IReadOnlyList<MappingEntry> Timeout(MappingNode written, string field, string name) =>
        written.EntryOf(field) is { Value: ScalarNode text } entry && GoDuration.SecondsOf(text.Value) is { } seconds
            ? [new(new ScalarNode(entry.Key.UseSpan, name, ScalarStyle.Plain), GeneratedNodes.Text(text, string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#########}s")))]
            : [];

    private static MappingNode Around(MappingNode written, IReadOnlyList<MappingEntry> entries) =>
        new(written.UseSpan, entries, isFlow: false) { Origin = written };
}
