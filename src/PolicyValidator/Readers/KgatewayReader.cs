using System.Globalization;
using PolicyValidator.Inputs;
using PolicyValidator.Kubernetes;
using PolicyValidator.Model;
using PolicyValidator.Rules;

namespace PolicyValidator.Readers;

/// <summary>
/// kgateway's <c>GatewayExtension</c>, which becomes a filter, and <c>TrafficPolicy</c>, which overrides its mode on routes: held against
/// their definitions, then judged by Envoy's rules. Their processing mode has Envoy's values, so fixes fit the user's own text.
/// </summary>
internal sealed class KgatewayReader : IInputReader
{
    private static readonly Dictionary<string, string> Names = new()
    {
        ["grpc_service"] = "grpcService",
        ["failure_mode_allow"] = "failOpen",
        ["processing_mode"] = "processingMode",
        ["request_header_mode"] = "requestHeaderMode",
        ["request_body_mode"] = "requestBodyMode",
        ["request_trailer_mode"] = "requestTrailerMode",
        ["response_header_mode"] = "responseHeaderMode",
        ["response_body_mode"] = "responseBodyMode",
        ["response_trailer_mode"] = "responseTrailerMode",
        ["allow_mode_override"] = "allowProcessingModeOverride",
        ["allowed_override_modes"] = "allowedProcessingModeOverrides",
        ["message_timeout"] = "messageTimeout",
        ["max_message_timeout"] = "maxMessageTimeout",
        ["stat_prefix"] = "statPrefix",
        ["request_attributes"] = "requestAttributes",
        ["route_cache_action"] = "routeCacheAction",
        ["metadata_options"] = "metadataOptions",
    };

    /// <summary>What to write where it is more than other names: the product has other defaults than Envoy, and no field for some things.</summary>
    private static readonly Dictionary<string, string?> Help = new()
    {
        ["EP126"] = "set failOpen: false, and let the processor be there twice, or use BUFFERED with SKIP for its trailers, where failing open keeps the whole body",
        ["EP127"] = "use BUFFERED, or set failOpen: false; if the processor never changes bodies, it can stay",
        ["EP158"] = "send headers, a body or trailers, or remove the extension",
    };

    public string Kind => "kgateway GatewayExtension, TrafficPolicy";

    public bool Reads(Node root) => ResourceDefinitions.IsIn(root, "gateway.kgateway.dev");

    public void Read(SourceDocument document, PolicyBuilder builder)
    {
        KubernetesObject found = KubernetesObject.Read(document);
        IReadOnlyList<ConfigProblem> problems = ResourceDefinitions.Of(document.Root!)!.Problems(found, builder.Target);
        builder.Add(problems);
        if (problems.All(problem => problem.Kind == ProblemKind.KubernetesField) && found.Spec?["extProc"] is { Node: MappingNode written } extProc)
        {
            Translate(found, extProc, Known(found.Kind, written, builder.Target.Kgateway), builder);
        }
    }

    /// <summary>Without the fields that the release does not have, which come to nothing.</summary>
    private static MappingNode Known(string kind, MappingNode written, ProductVersion release)
    {
        Dictionary<string, CrdSchema> fields = CrdTable.Of(kind).At(release).Fields["spec"].Fields["extProc"].Fields;
        return Around(written, [.. written.Entries.Where(entry => fields.ContainsKey(entry.Key.Value))]);
    }

    private static void Translate(KubernetesObject found, KubernetesValue extProc, MappingNode written, PolicyBuilder builder)
    {
        bool isFilter = found.Kind == "GatewayExtension";
        bool opensByItself = isFilter && extProc["failOpen"] is null && builder.Target.Kgateway >= KgatewayReleases.OpensByDefault;
        if (isFilter || extProc["processingMode"] is not null)
        {
            MappingNode made = isFilter ? Filter(extProc, written, opensByItself) : Override(written);
            Translation translation = new($"kgateway {builder.Target.Kgateway.Line}", Help)
            {
                Names = Names,
                IsUsersOwn = true,
                Defaults = opensByItself ? new HashSet<string>(["failure_mode_allow"]) : new HashSet<string>(),
            };
            new ConfigWalker(found.Document with { Root = made, IsPart = true, Translation = translation }, builder, isDynamic: false, isFilter ? $"{found.Namespace}/{found.Name}" : RefersTo(found))
                .Root(isFilter ? EnvoyMessages.ExternalProcessor : EnvoyMessages.ExtProcPerRoute);
        }
    }

    /// <summary>The GatewayExtension that a TrafficPolicy sets to work.</summary>
    private static string? RefersTo(KubernetesObject policy) => policy.Spec?["extProc"]?["extensionRef"] is { } reference
        ? $"{reference.TextOf("namespace") ?? policy.Namespace}/{reference.TextOf("name")}"
        : null;

    private static MappingNode Filter(KubernetesValue extProc, MappingNode written, bool opensByItself)
    {
        Node service = extProc["grpcService"]?.Node ?? written;
        MappingNode grpc = GeneratedNodes.Mapping(service, ("envoy_grpc", GeneratedNodes.Mapping(service, ("cluster_name", GeneratedNodes.Text(service, "backend")))));
        return Around(
            written,
            [
                new(new ScalarNode(service.Entry?.Key.UseSpan ?? service.UseSpan, "grpc_service", ScalarStyle.Plain), grpc),
                .. opensByItself ? [OpenByDefault(written)] : Entry(written, "failOpen", "failure_mode_allow"),
                .. Entry(written, "processingMode", "processing_mode"),
                .. Entry(written, "allowProcessingModeOverride", "allow_mode_override"),
                .. Entry(written, "allowedProcessingModeOverrides", "allowed_override_modes"),
                .. Entry(written, "statPrefix", "stat_prefix"),
                .. Entry(written, "requestAttributes", "request_attributes"),
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

    /// <summary>What the definition fills in, placed at the key under which it would stand.</summary>
    private static MappingEntry OpenByDefault(MappingNode written)
    {
        Node extProc = written.Origin!;
        SourceSpan at = extProc.Entry?.Key.UseSpan ?? extProc.UseSpan;
        return new(new ScalarNode(at, "failure_mode_allow", ScalarStyle.Plain), new ScalarNode(at, "true", ScalarStyle.Plain) { Origin = extProc });
    }

    /// <summary>A duration of the Gateway API as protobuf writes it.</summary>
    private static IReadOnlyList<MappingEntry> Timeout(MappingNode written, string field, string name) =>
        written.EntryOf(field) is { Value: ScalarNode text } entry && GoDuration.SecondsOf(text.Value) is { } seconds
            ? [new(new ScalarNode(entry.Key.UseSpan, name, ScalarStyle.Plain), GeneratedNodes.Text(text, string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#########}s")))]
            : [];

    private static MappingNode Around(MappingNode written, IReadOnlyList<MappingEntry> entries) =>
        new(written.UseSpan, entries, isFlow: false) { Origin = written.Origin ?? written };
}
