using System.Collections.Frozen;
using static PolicyValidator.Constraints.Constraint;

namespace PolicyValidator.Constraints;

/// <summary>
/// What protoc-gen-validate checks in an ext_proc filter and all that it reaches, and in the entries that it stands in. Facts of
/// Envoy's API (<c>api/envoy/**/*.proto</c>), each seen on the binaries.
/// </summary>
internal static class ConstraintTable
{
    private const int MaxHeaderBytes = 16_384;
    private const string ExtProc = "envoy.extensions.filters.http.ext_proc.v3.";
    private const string Core = "envoy.config.core.v3.";
    private const string Grpc = Core + "GrpcService.";
    private const string Google = Grpc + "GoogleGrpc.";
    private const string Type = "envoy.type.matcher.v3.";

    private static readonly DurationRange UpToAnHour = new(default, new(3600, 0));

    /// <summary>By the full name of the field.</summary>
    public static FrozenDictionary<string, Constraint[]> Fields { get; } = new Dictionary<string, Constraint[]>
    {
        [ExtProc + "ExternalProcessor.message_timeout"] = [UpToAnHour],
        [ExtProc + "ExternalProcessor.max_message_timeout"] = [UpToAnHour],
        [ExtProc + "ProcessingMode.request_header_mode"] = [new Defined()],
        [ExtProc + "ProcessingMode.response_header_mode"] = [new Defined()],
        [ExtProc + "ProcessingMode.request_body_mode"] = [new Defined()],
        [ExtProc + "ProcessingMode.response_body_mode"] = [new Defined()],
        [ExtProc + "ProcessingMode.request_trailer_mode"] = [new Defined()],
        [ExtProc + "ProcessingMode.response_trailer_mode"] = [new Defined()],
        ["envoy.type.v3.HttpStatus.code"] = [new Not(0), new Defined()],
        [Grpc + "EnvoyGrpc.cluster_name"] = [new MinLength(1)],
        [Grpc + "EnvoyGrpc.authority"] = [new MaxBytes(MaxHeaderBytes), new HeaderText()],
        [Google + "target_uri"] = [new MinLength(1)],
        [Google + "stat_prefix"] = [new MinLength(1)],
        [Google + "CallCredentials.StsService.subject_token_path"] = [new MinLength(1)],
        [Google + "CallCredentials.StsService.subject_token_type"] = [new MinLength(1)],
        [Core + "DataSource.filename"] = [new MinLength(1)],
        [Core + "DataSource.environment_variable"] = [new MinLength(1)],
        [Core + "HeaderValue.key"] = [new MinLength(1), new MaxBytes(MaxHeaderBytes), new HeaderText()],
        [Core + "HeaderValue.value"] = [new MaxBytes(MaxHeaderBytes), new HeaderText()],
        [Core + "HeaderValue.raw_value"] = [new MaxBytes(MaxHeaderBytes)],
        [Core + "HeaderValueOption.header"] = [new Required()],
        [Core + "HeaderValueOption.append_action"] = [new Defined()],
        [Core + "HttpService.request_headers_to_add"] = [new MaxItems(1000)],
        [Core + "HttpUri.uri"] = [new MinLength(1)],
        [Core + "HttpUri.cluster"] = [new MinLength(1)],
        [Core + "HttpUri.timeout"] = [new Required(), new DurationRange(default, new(4_294_967_296, 0), MaxIsOpen: true)],
        [Core + "BackoffStrategy.base_interval"] = [new Required(), new DurationRange(new(0, 1_000_000))],
        [Core + "BackoffStrategy.max_interval"] = [new DurationRange(new(0, 1))],
        [Core + "RetryPolicy.RetryPriority.name"] = [new MinLength(1)],
        [Core + "RetryPolicy.RetryHostPredicate.name"] = [new MinLength(1)],
        [Core + "TypedExtensionConfig.name"] = [new MinLength(1)],
        [Core + "TypedExtensionConfig.typed_config"] = [new Required()],
        ["xds.core.v3.TypedExtensionConfig.name"] = [new MinLength(1)],
        ["xds.core.v3.TypedExtensionConfig.typed_config"] = [new Required()],
        [Type + "RegexMatcher.regex"] = [new MinLength(1)],
        [Type + "StringMatcher.prefix"] = [new MinLength(1)],
        [Type + "StringMatcher.suffix"] = [new MinLength(1)],
        [Type + "StringMatcher.contains"] = [new MinLength(1)],
        [Type + "ListStringMatcher.patterns"] = [new MinItems(1)],
        ["envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter.name"] = [new MinLength(1)],
        [Core + "ExtensionConfigSource.config_source"] = [new Required()],
        [Core + "ExtensionConfigSource.type_urls"] = [new MinItems(1)],
        [Core + "PathConfigSource.path"] = [new MinLength(1)],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The oneofs of which one member must be set, by full name.</summary>
    public static FrozenSet<string> RequiredOneofs { get; } = FrozenSet.ToFrozenSet(
    [
        Core + "GrpcService.target_specifier",
        Google + "ChannelCredentials.credential_specifier",
        Google + "CallCredentials.credential_specifier",
        Google + "ChannelArgs.Value.value_specifier",
        Core + "DataSource.specifier",
        Core + "HttpUri.http_upstream_type",
        Core + "ConfigSource.config_source_specifier",
        Type + "StringMatcher.match_pattern",
    ], StringComparer.Ordinal);
}
