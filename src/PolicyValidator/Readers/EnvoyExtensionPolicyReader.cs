using PolicyValidator.Inputs;
using PolicyValidator.Kubernetes;
using PolicyValidator.Model;
using PolicyValidator.Rules;

namespace PolicyValidator.Readers;

/// <summary>Envoy Gateway's <c>EnvoyExtensionPolicy</c>: held against its definition, then judged by what the release's translator makes of it.</summary>
internal sealed class EnvoyExtensionPolicyReader : IInputReader
{
    /// <summary>The group that the kind must be of: others have a kind of the same name.</summary>
    public const string Group = "gateway.envoyproxy.io";

    private static readonly Dictionary<string, string> Names = new()
    {
        ["grpc_service"] = "backendRefs",
        ["failure_mode_allow"] = "failOpen",
        ["processing_mode"] = "processingMode",
        ["request_header_mode"] = "processingMode.request",
        ["request_body_mode"] = "processingMode.request.body",
        ["response_header_mode"] = "processingMode.response",
        ["response_body_mode"] = "processingMode.response.body",
        ["allow_mode_override"] = "processingMode.allowModeOverride",
        ["request_attributes"] = "processingMode.request.attributes",
        ["response_attributes"] = "processingMode.response.attributes",
        ["message_timeout"] = "messageTimeout",
        ["metadata_options"] = "metadata",
        ["observability_mode"] = "shadowMode",
        ["status_on_error"] = "statusOnError",
        ["BUFFERED"] = "Buffered",
        ["BUFFERED_PARTIAL"] = "BufferedPartial",
        ["STREAMED"] = "Streamed",
        ["FULL_DUPLEX_STREAMED"] = "FullDuplexStreamed",
    };

    /// <summary>What to write in the policy's own words where it is more than other names; a null where it has none.</summary>
    private static readonly Dictionary<string, string?> Help = new()
    {
        ["EP024"] = "write a messageTimeout from 0s to 1h",
        ["EP104"] = "remove allowModeOverride, or choose another body mode",
        ["EP109"] = null,
        ["EP114"] = "remove it, or remove shadowMode",
        ["EP122"] = "write a longer messageTimeout, or remove it for Envoy's 200ms",
        ["EP123"] = "remove messageTimeout, or choose another body mode",
        ["EP142"] = null,
        ["EP158"] = "add processingMode with request: {} or response: {}, which send the headers of that direction, or a body mode below them",
        ["EP184"] = "write body: Buffered or body: FullDuplexStreamed under processingMode for that direction; request: {} or response: {} sends headers",
        ["EP186"] = "write a longer messageTimeout, or lower limits.handlerTimeout",
        ["EP212"] = "add failOpen: true, or leave it if requests may fail with the observer",
        ["EP245"] = null,
        ["EP265"] = null,
    };

    public string Kind => "Envoy Gateway EnvoyExtensionPolicy";

    public bool Reads(Node root) => ResourceDefinitions.Of(root) is { Group: Group, Kind: "EnvoyExtensionPolicy" };

    public void Read(SourceDocument document, PolicyBuilder builder)
    {
        KubernetesObject policy = KubernetesObject.Read(document);
        ProductVersion release = builder.Target.EnvoyGateway;
        ConfigProblem[] problems = Refusals(policy, builder.Target);
        builder.Add(problems);
        if (problems.Length == 0)
        {
            Translate(policy, release, builder);
        }
    }

    /// <summary>Everything for which the API server, or Envoy Gateway by itself, refuses a policy.</summary>
    private static ConfigProblem[] Refusals(KubernetesObject policy, Target target)
    {
        IReadOnlyList<ConfigProblem> byDefinition = ResourceDefinitions.Of(policy.Document.Root!)!.Problems(policy, target);
        return ResourceDefinition.HasWrongValues(byDefinition) ? [.. byDefinition] : [.. byDefinition, .. WithoutBackend(policy)];
    }

    private static IEnumerable<ConfigProblem> WithoutBackend(KubernetesObject policy) =>
        from entry in policy.Spec?.ItemsOf("extProc") ?? []
        where entry.ItemsOf("backendRefs").Count == 0 && entry["backendRef"] is null
        let at = entry["backendRefs"]?.Node ?? entry.Node
        select new ConfigProblem(ProblemKind.RefusedByController, policy.Document, at.UseSpan, at.Pointer, "an extProc without backendRefs", "add backendRefs with the name and port of the processor's Service");

    private static void Translate(KubernetesObject policy, ProductVersion release, PolicyBuilder builder)
    {
        Translation translation = new($"Envoy Gateway {release}", Help) { Names = Names };
        EnvoyGatewayTranslator translator = new(release);
        IReadOnlyList<KubernetesValue> entries = policy.Spec?.ItemsOf("extProc") ?? [];
        FilterList around = new(policy.Document, FilterPlace.HttpFilters, policy.Spec?["extProc"]?.Node ?? policy.Value.Node, null);
        foreach ((int index, KubernetesValue entry) in entries.Index())
        {
            PolicyEntry source = new(policy, entry, index);
            SourceDocument made = policy.Document with { Format = SourceFormat.Json, Root = translator.Translate(source), Translation = translation };
            new ConfigWalker(made, builder, isDynamic: false).Made(source, source.FilterName, around);
        }
    }
}
