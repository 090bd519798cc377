using System.Collections.Frozen;
using Google.Protobuf.Reflection;
using PolicyValidator.Rules;

namespace PolicyValidator.Decoding;

/// <summary>The first release line of each field and enum value that is younger than the oldest target.</summary>
internal static class FieldReleases
{
    private const string Filter = "envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor.";
    private const string Overrides = "envoy.extensions.filters.http.ext_proc.v3.ExtProcOverrides.";
    private const string Modes = "envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.";
    private const string Core = "envoy.config.core.v3.";

    private static readonly FrozenDictionary<string, int> FirstMinor = new Dictionary<string, int>
    {
        [Filter + "disable_clear_route_cache"] = 27,
        [Filter + "forward_rules"] = 27,
        [Filter + "filter_metadata"] = 27,
        [Filter + "allow_mode_override"] = 27,
        [Filter + "disable_immediate_response"] = 28,
        [Filter + "metadata_options"] = 30,
        [Filter + "observability_mode"] = 30,
        [Filter + "route_cache_action"] = 31,
        [Filter + "deferred_close_timeout"] = 31,
        [Filter + "http_service"] = 32,
        [Filter + "send_body_without_waiting_for_header_response"] = 32,
        [Filter + "allowed_override_modes"] = 32,
        [Filter + "on_processing_response"] = 34,
        [Filter + "status_on_error"] = 36,
        [Filter + "processing_request_modifier"] = 36,
        [Filter + "allow_content_length_header"] = 38,
        [Filter + "emit_client_span"] = 40,
        [Overrides + "metadata_options"] = 30,
        [Overrides + "grpc_initial_metadata"] = 30,
        [Overrides + "failure_mode_allow"] = 35,
        [Overrides + "processing_request_modifier"] = 36,
        [Overrides + "emit_client_span"] = 40,
        [Modes + "FULL_DUPLEX_STREAMED"] = 33,
        [Modes + "GRPC"] = 37,
        ["envoy.extensions.filters.http.ext_proc.v3.MetadataOptions.cluster_metadata_forwarding_namespaces"] = 37,
        ["envoy.extensions.http.ext_proc.processing_request_modifiers.mapped_attribute_builder.v3.MappedAttributeBuilder.mapped_response_attributes"] = 37,
        [Core + "HttpService.formatters"] = 38,
        [Core + "HeaderValue.raw_value"] = 27,
        [Core + "GrpcService.retry_policy"] = 30,
        [Core + "GrpcService.GoogleGrpc.channel_credentials_plugin"] = 36,
        [Core + "GrpcService.GoogleGrpc.call_credentials_plugin"] = 36,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The first minor release that has a field; 0 when all targets have it.</summary>
    public static int Of(FieldDescriptor field) => FirstMinor.GetValueOrDefault(field.FullName);

    /// <summary>The first minor release that has an enum's value; 0 when all targets have it.</summary>
    public static int Of(EnumValueDescriptor value) => FirstMinor.GetValueOrDefault($"{value.EnumDescriptor.ContainingType?.FullName}.{value.Name}");

    /// <summary>Whether a release defines a number of an enum.</summary>
    public static bool Defines(EnumDescriptor type, int number, EnvoyVersion version) =>
        type.FindValueByNumber(number) is { } value && Of(value) <= version.Minor;
}
