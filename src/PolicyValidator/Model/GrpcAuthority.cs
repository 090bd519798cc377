using System.Text.RegularExpressions;

namespace PolicyValidator.Model;

/// <summary>
/// The <c>:authority</c> with which Envoy calls a processor. Envoy's own client takes the cluster's name where none is written; a server
/// may refuse the stream for it. What is refused was measured, each ASCII character with four servers.
/// </summary>
/// <param name="Service">The service.</param>
/// <param name="Value">The authority.</param>
/// <param name="Place">Where it is written, or the cluster's name.</param>
/// <param name="IsClusterName">Whether it is the cluster's name.</param>
internal sealed partial record GrpcAuthority(GrpcServiceUse Service, string Value, Place Place, bool IsClusterName)
{
    private const string DefaultAuthority = "grpc.default_authority";

    /// <summary>Whether ASP.NET Core's server takes it: a host name or address, and a port in digits.</summary>
    public bool IsTakenByKestrel => KestrelHost().IsMatch(Value);

    /// <summary>Of a service; null for one whose authority is not known from what is written.</summary>
    public static GrpcAuthority? Of(GrpcServiceUse service)
    {
        if (service.Config.String(service.Path + "envoy_grpc.authority") is { IsSet: true, Value.Length: > 0 } written)
        {
            return new(service, written.Value, written.Place, false);
        }

        return service.Cluster is { IsSet: true, Value.Length: > 0 } cluster
            ? new(service, cluster.Value, cluster.Place, true)
            : GoogleClient(service);
    }

    /// <summary>A name that every server takes: of Istio's names the host and the port, of others what is left without the characters in question.</summary>
    public string Plain()
    {
        if (IstioName().Match(Value) is { Success: true } istio)
        {
            return $"{istio.Groups["host"].ValueSpan}:{istio.Groups["port"].ValueSpan}";
        }

        string name = Unusual().Replace(Value, "-").Trim('-', '.');
        return name.Length > 0 ? name : "processor";
    }

    private static GrpcAuthority? GoogleClient(GrpcServiceUse service)
    {
        string path = service.Path + "google_grpc.channel_args";
        return service.Config.Message(path)?.Map("args").FirstOrDefault(entry => entry.Key.Value == DefaultAuthority).Value?.Value is ConfigMessage argument
            && argument.String("string_value") is { IsSet: true } written
            ? new(service, written.Value, written.Place, false)
            : null;
    }

    [GeneratedRegex(@"^(?:[A-Za-z0-9!$&'()\-._~]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]+)?\z")]
    private static partial Regex KestrelHost();

    [GeneratedRegex(@"^(?:outbound|inbound)_?\.?\|(?<port>[0-9]+)\|[^|]*\|(?<host>[A-Za-z0-9.-]+)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex IstioName();

    [GeneratedRegex("[^A-Za-z0-9.-]+")]
    private static partial Regex Unusual();
}
