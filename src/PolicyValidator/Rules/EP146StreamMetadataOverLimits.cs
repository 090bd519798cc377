using System.Text;
using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>More metadata on the stream than a server takes with its defaults.</summary>
internal sealed class EP146StreamMetadataOverLimits : Rule
{
    /// <summary>ASP.NET Core's defaults.</summary>
    private const int MostFields = 100, MostBytes = 32 * 1024;

    /// <summary>What Envoy and gRPC add to it themselves: seven fields were counted without tracing.</summary>
    private const int OwnFields = 7, OwnBytes = 256;

    public override string Id => "EP146";
    public override string Name => "stream-metadata-over-limits";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "The initial metadata of the gRPC stream fits into the request headers that servers take by default.";
    public override string Why =>
        "ASP.NET Core's server takes 100 header fields and 32 KiB unless it is set otherwise, and answers 431 to a stream that has more: every request then gets 500, or passes unprocessed with failure_mode_allow.";
    public override IReadOnlyList<string> Sources => ["GrpcService.initial_metadata", "ExtProcOverrides.grpc_initial_metadata", "KestrelServerLimits.MaxRequestHeaderCount, MaxRequestHeadersTotalSize"];
    public override string Bad => $$"""
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service:
          envoy_grpc: {cluster_name: processor}
          initial_metadata: # EP146
        {{string.Concat(Enumerable.Range(1, 3).Select(at => $"  - {{key: x-policy-{at}, value: \"{new string('p', 11_000)}\"}}\n"))}}
        """;
    public override string Good => Bad.Replace(" # EP146", "", StringComparison.Ordinal).Replace("pppp", "p", StringComparison.Ordinal);

    public override IEnumerable<Finding> Check(RuleContext context) =>
    [
        .. context.Policies.Filters.Select(filter => Judge(filter.Document, filter.Config, "grpc_service.initial_metadata", [])).OfType<Finding>(),
        .. from route in context.Policies.Overrides
           from path in (string[])["overrides.grpc_initial_metadata", "overrides.grpc_service.initial_metadata"]
           let filter = route.Filters.Count == 0 || path.Contains("grpc_service", StringComparison.Ordinal) ? null : route.Filters[0]
           let finding = Judge(route.Document, route.Config, path, filter?.Config.Messages("grpc_service.initial_metadata") ?? [])
           where finding is not null
           select finding,
    ];

    private Finding? Judge(SourceDocument document, ConfigMessage config, string path, IReadOnlyList<ConfigMessage> besides)
    {
        ConfigMessage[] written = [.. config.Messages(path)];
        ConfigMessage[] all = [.. besides, .. written];
        int bytes = OwnBytes + all.Sum(Size), fields = OwnFields + all.Length;
        return written.Length == 0 || (bytes <= MostBytes && fields <= MostFields) ? null : AtKey(
            document,
            config.PlaceOf(path),
            $"the stream begins with {fields} header fields of {bytes} bytes, what Envoy adds among them",
            "send less, or raise the server's limits for request headers and know that they hold");
    }

    private static int Size(ConfigMessage field) => Encoding.UTF8.GetByteCount(field.String("key").Value) + Encoding.UTF8.GetByteCount(field.String("value").Value);
}
