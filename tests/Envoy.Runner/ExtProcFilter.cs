using System.Text.Json.Nodes;

namespace Envoy.Runner;

/// <summary>One ext_proc filter: <c>envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor</c>.</summary>
/// <param name="Cluster">the cluster of the ext_proc server</param>
/// <param name="Mode">the six modes</param>
public sealed record ExtProcFilter(string Cluster, EnvoyProcessingMode Mode)
{
    /// <summary>The filter's name; routes refer to it.</summary>
    public string Name { get; init; } = "envoy.filters.http.ext_proc";

    /// <summary>How long Envoy waits for an answer; Envoy's own default, 200 ms, is too short for a busy machine.</summary>
    public TimeSpan MessageTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The most that the server may ask for instead; null forbids it to ask.</summary>
    public TimeSpan? MaxMessageTimeout { get; init; }

    public bool FailureModeAllow { get; init; }

    public bool AllowModeOverride { get; init; }

    public IReadOnlyList<EnvoyProcessingMode> AllowedOverrideModes { get; init; } = [];

    public bool ObservabilityMode { get; init; }

    public bool SendBodyWithoutWaitingForHeaderResponse { get; init; }

    public bool DisableImmediateResponse { get; init; }

    public IReadOnlyList<string> RequestAttributes { get; init; } = [];

    public IReadOnlyList<string> ResponseAttributes { get; init; } = [];

    /// <summary>Namespaces of dynamic metadata that the server is shown.</summary>
    public IReadOnlyList<string> ForwardedMetadataNamespaces { get; init; } = [];

    /// <summary>Namespaces of dynamic metadata that the server may write.</summary>
    public IReadOnlyList<string> ReceivedMetadataNamespaces { get; init; } = [];

    /// <summary>A <c>HeaderMutationRules</c> message.</summary>
    public JsonObject? MutationRules { get; init; }

    /// <summary>Fields of the message that have no property here; they are added as they are.</summary>
    public JsonObject Extra { get; init; } = [];

    internal JsonObject ToJson()
    {
        var config = EnvoyConfig.Typed(
            "envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor",
            ("grpc_service", new JsonObject
            {
                ["envoy_grpc"] = new JsonObject { ["cluster_name"] = Cluster },
            }),
            ("processing_mode", Mode.ToJson()),
            ("message_timeout", EnvoyConfig.Duration(MessageTimeout)),
            ("max_message_timeout", MaxMessageTimeout is { } most ? EnvoyConfig.Duration(most) : null),
            ("failure_mode_allow", WhenSet(FailureModeAllow)),
            ("allow_mode_override", WhenSet(AllowModeOverride)),
            ("observability_mode", WhenSet(ObservabilityMode)),
            ("send_body_without_waiting_for_header_response", WhenSet(SendBodyWithoutWaitingForHeaderResponse)),
            ("disable_immediate_response", WhenSet(DisableImmediateResponse)),
            ("allowed_override_modes", AllowedOverrideModes.Count > 0 ? EnvoyConfig.Array(AllowedOverrideModes.Select(mode => mode.ToJson())) : null),
            ("request_attributes", Names(RequestAttributes)),
            ("response_attributes", Names(ResponseAttributes)),
            ("metadata_options", MetadataOptions()),
            ("mutation_rules", MutationRules?.DeepClone()));
        foreach (var (name, value) in Extra)
        {
            config[name] = value?.DeepClone();
        }

        return new JsonObject { ["name"] = Name, ["typed_config"] = config };
    }

    private JsonObject? MetadataOptions()
    {
        if (ForwardedMetadataNamespaces.Count + ReceivedMetadataNamespaces.Count == 0)
        {
            return null;
        }

        return new JsonObject
        {
            ["forwarding_namespaces"] = new JsonObject { ["untyped"] = Names(ForwardedMetadataNamespaces) ?? [] },
            ["receiving_namespaces"] = new JsonObject { ["untyped"] = Names(ReceivedMetadataNamespaces) ?? [] },
        };
    }

    private static JsonValue? WhenSet(bool value) => value ? JsonValue.Create(true) : null;

    private static JsonArray? Names(IReadOnlyList<string> names) =>
        names.Count > 0 ? EnvoyConfig.Array(names.Select(name => JsonValue.Create(name))) : null;
}
