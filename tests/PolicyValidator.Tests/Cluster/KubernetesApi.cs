using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace PolicyValidator.Tests.Cluster;

/// <summary>The API server that KUBECONFIG names.</summary>
internal sealed class KubernetesApi : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient client;

    private KubernetesApi(HttpClient client) => this.client = client;

    /// <summary>Connects with the current context's certificate or token.</summary>
    public static KubernetesApi FromEnvironment()
    {
        string path = Environment.GetEnvironmentVariable("KUBECONFIG") ?? throw new InvalidOperationException("KUBECONFIG is not set: make test-cluster sets it");
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        YamlStream yaml = [];
        using (StreamReader text = File.OpenText(path))
        {
            yaml.Load(text);
        }

        YamlNode root = yaml.Documents[0].RootNode;
        YamlNode context = Named(root, "contexts", root["current-context"].ToString())["context"];
        YamlNode cluster = Named(root, "clusters", context["cluster"].ToString())["cluster"], user = Named(root, "users", context["user"].ToString())["user"];
        X509Certificate2 authority = X509Certificate2.CreateFromPem(Pem(cluster, "certificate-authority", folder)!);
        SslClientAuthenticationOptions tls = new() { RemoteCertificateValidationCallback = (_, server, _, _) => IsSignedBy(authority, server) };
        if (Pem(user, "client-certificate", folder) is { } certificate)
        {
            using X509Certificate2 pair = X509Certificate2.CreateFromPem(certificate, Pem(user, "client-key", folder)!);
            tls.ClientCertificates = [X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), null)];
        }

        HttpClient client = new(new SocketsHttpHandler { SslOptions = tls }) { BaseAddress = new(cluster["server"].ToString()), Timeout = Patience };
        if (Child(user, "token") is { } token)
        {
            client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        }

        return new(client);
    }

    /// <summary>Sends an object; what came back, with its status.</summary>
    public async Task<(HttpStatusCode Status, string Said)> SendAsync(HttpMethod method, string path, string? body = null, string type = "application/yaml")
    {
        using HttpRequestMessage request = new(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, type) };
        using HttpResponseMessage response = await client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Asks what would come of an object: null when a strict client could store it, else the reason.</summary>
    public async Task<string?> RefusesAsync(string resourcePath, string yaml)
    {
        (HttpStatusCode status, string said) = await SendAsync(HttpMethod.Post, $"{resourcePath}?dryRun=All&fieldValidation=Strict", yaml);
        return (int)status switch
        {
            >= 200 and < 300 => null,
            400 or 413 or 422 => (string?)JsonNode.Parse(said)!["message"],
            _ => throw new InvalidOperationException($"the API server said {(int)status}: {said}"),
        };
    }

    public void Dispose() => client.Dispose();

    private static YamlNode Named(YamlNode root, string list, string name) =>
        ((YamlSequenceNode)root[list]).Children.Single(each => each["name"].ToString() == name);

    private static string? Child(YamlNode node, string key) =>
        node is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? value) ? value.ToString() : null;

    private static string? Pem(YamlNode node, string key, string folder) =>
        Child(node, key + "-data") is { } data ? Encoding.ASCII.GetString(Convert.FromBase64String(data))
        : Child(node, key) is { } file ? File.ReadAllText(Path.Combine(folder, file))
        : null;

    private static bool IsSignedBy(X509Certificate2 authority, X509Certificate? server)
    {
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return server is not null && chain.Build(new(server));
    }
}
