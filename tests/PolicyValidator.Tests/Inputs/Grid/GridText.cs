using System.Text.Json;

namespace PolicyValidator.Tests.Inputs.Grid;

/// <summary>
/// A piece of YAML whose keys stand at column 9, so that it can hang equally deep in an Envoy file and in a Kubernetes object: what is
/// asked is how a reader takes the piece, not what it is for.
/// </summary>
/// <param name="Text">The piece, to the end of the file.</param>
/// <param name="Before">What stands before everything else in the file: a byte order mark, a directive.</param>
internal sealed record GridText(string Text, string Before = "")
{
    /// <summary>Where the keys of a piece stand.</summary>
    public const string Indent = "        ";

    private const string EnvoyHead = """
        resources:
        - "@type": type.googleapis.com/envoy.config.listener.v3.Listener
          name: piece-@
          bind_to_port: false
          address: {socket_address: {address: 127.0.0.1, port_value: @}}
          filter_chains: [{filters: [{name: tcp, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: tcp, cluster: upstream}}]}]
          metadata:
            filter_metadata:
              piece:

        """;

    private const string KubernetesHead = """
        data:
          in:
            the:
              piece:

        """;

    /// <summary>In one line of ASCII.</summary>
    public string Quoted => JsonSerializer.Serialize(Before.Length == 0 ? Text : $"{Before}[…]{Text}");

    /// <summary>As a discovery file whose listener carries the piece in its metadata.</summary>
    /// <param name="number">Makes each file and its listener a new one to Envoy, which else keeps what it has.</param>
    public string EnvoyFile(int number) => $"{Before}version_info: \"{number}\"\n{EnvoyHead.Replace("-@", $"-{number}", StringComparison.Ordinal).Replace(" @}", $" {1 + (number % ushort.MaxValue)}}}", StringComparison.Ordinal)}{Text}";

    /// <summary>As a ConfigMap that carries the piece where no schema looks.</summary>
    /// <param name="number">Gives it a name of its own.</param>
    public string KubernetesFile(int number) => $"{Before}apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: piece-{number}}}\n{KubernetesHead}{Text}";
}
