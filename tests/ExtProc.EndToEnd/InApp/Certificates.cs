using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace ExtProc.EndToEnd.InApp;

/// <summary>An authority of a test's own, with a certificate for the app and one for Envoy.</summary>
internal sealed class Certificates : IDisposable
{
    private const string ServerName = "extproc.test", ClientName = "envoy.test";

    private readonly X509Certificate2 _authority;
    private readonly X509Certificate2 _client;

    public Certificates()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=authority.test", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        _authority = request.CreateSelfSigned(Begin, Begin + TimeSpan.FromDays(2));
        Server = Signed(ServerName, serial: 1);
        _client = Signed(ClientName, serial: 2);
    }

    /// <summary>The app's, with its key.</summary>
    public X509Certificate2 Server { get; }

    /// <summary>Whether a client's certificate is of this authority.</summary>
    public bool Signs(X509Certificate2 certificate)
    {
        using X509Chain chain = new() { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck } };
        chain.ChainPolicy.CustomTrustStore.Add(_authority);
        return chain.Build(certificate);
    }

    /// <summary>How Envoy's cluster speaks TLS.</summary>
    public JsonObject TransportSocket(bool withCertificate) => new()
    {
        ["name"] = "envoy.transport_sockets.tls",
        ["typed_config"] = new JsonObject
        {
            ["@type"] = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
            ["sni"] = ServerName,
            ["common_tls_context"] = new JsonObject
            {
                ["validation_context"] = new JsonObject { ["trusted_ca"] = Inline(_authority.ExportCertificatePem()) },
                ["tls_certificates"] = withCertificate
                    ? new JsonArray(new JsonObject { ["certificate_chain"] = Inline(_client.ExportCertificatePem()), ["private_key"] = Inline(_client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()) })
                    : new JsonArray(),
            },
        },
    };

    public void Dispose()
    {
        _authority.Dispose();
        _client.Dispose();
        Server.Dispose();
    }

    private static DateTimeOffset Begin => TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(1);

    private static JsonObject Inline(string pem) => new() { ["inline_string"] = pem };

    private X509Certificate2 Signed(string name, byte serial)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(name);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 signed = request.Create(_authority, _authority.NotBefore, _authority.NotAfter, [serial]);
        return signed.CopyWithPrivateKey(key);
    }
}
