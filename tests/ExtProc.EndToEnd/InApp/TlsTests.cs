using System.Net;
using Envoy.Runner;
using ExtProc.EndToEnd.Lab;
using ExtProc.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace ExtProc.EndToEnd.InApp;

/// <summary>ext_proc on an HTTPS port of an app, and by client certificates.</summary>
public sealed class TlsTests
{
    [Theory]
    [MemberData(nameof(Versions.Each), MemberType = typeof(Versions))]
    public async Task A_port_takes_who_has_a_certificate(string version)
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        using Certificates certificates = new();
        int port = FreePort.Next();
        await using App app = await App.StartAsync(
            builder =>
            {
                builder.WebHost.UseExtProcTransport();
                Listen(builder, port, certificates, ClientCertificateMode.RequireCertificate, listener => listener.UseExtProc());
                builder.Services.AddMarking();
            },
            web => web.MapExtProc());
        await using AppEnvoy envoy = await StartEnvoyAsync(version, port, certificates, deadline.Token);

        Assert.Equal((200, "default"), await envoy.AskAsync("with", deadline.Token));
        Assert.Equal(500, (await envoy.AskAsync("without", deadline.Token)).Status);
        Assert.Equal(1, app.Marks.Count);
        Assert.DoesNotContain(app.Log.All, line => line.Contains("not set up for it", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Versions.Each), MemberType = typeof(Versions))]
    public async Task A_policy_asks_for_a_certificate_on_a_port_that_takes_all(string version)
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        using Certificates certificates = new();
        int port = FreePort.Next();
        await using App app = await App.StartAsync(
            builder =>
            {
                builder.WebHost.UseExtProcTransport();
                Listen(builder, port, certificates, ClientCertificateMode.AllowCertificate, listener => listener.UseExtProc());
                builder.Services.AddMarking();
                builder.Services.AddAuthentication("none").AddCookie("none", cookie => cookie.Events.OnRedirectToLogin = Refuse);
                builder.Services.AddAuthorizationBuilder().AddPolicy("envoy", policy => policy.RequireAssertion(
                    context => (context.Resource as HttpContext)?.Connection.ClientCertificate?.Subject == "CN=envoy.test"));
            },
            web => web.MapExtProc().RequireAuthorization("envoy"));
        await using AppEnvoy envoy = await StartEnvoyAsync(version, port, certificates, deadline.Token);

        Assert.Equal((200, "default"), await envoy.AskAsync("with", deadline.Token));
        Assert.Equal((500, null), await envoy.AskAsync("without", deadline.Token));
        Assert.Equal(1, app.Marks.Count);
    }

    /// <summary>Envoy says <c>:scheme: http</c> over TLS too, which Kestrel refuses unless AllowAlternateSchemes is set.</summary>
    [Theory]
    [MemberData(nameof(Versions.Each), MemberType = typeof(Versions))]
    public async Task Kestrel_as_it_is_fails_over_TLS_and_a_warning_says_why(string version)
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        using Certificates certificates = new();
        int asItIs = FreePort.Next();
        await using App app = await App.StartAsync(
            builder =>
            {
                Listen(builder, asItIs, certificates, ClientCertificateMode.NoCertificate, _ => { });
                builder.Services.AddMarking();
            },
            web => web.MapExtProc());
        int allowed = FreePort.Next();
        await using App other = await App.StartAsync(
            builder =>
            {
                Listen(builder, allowed, certificates, ClientCertificateMode.NoCertificate, _ => { });
                builder.WebHost.ConfigureKestrel(kestrel => kestrel.AllowAlternateSchemes = true);
                builder.Services.AddMarking();
            },
            web => web.MapExtProc());
        await using AppEnvoy envoy = await AppEnvoy.StartAsync(
            version, deadline.Token,
            new Way("as-it-is", asItIs) { TransportSocket = certificates.TransportSocket(withCertificate: false) },
            new Way("allowed", allowed) { TransportSocket = certificates.TransportSocket(withCertificate: false) });

        Assert.Equal((500, null), await envoy.AskAsync("as-it-is", deadline.Token));
        Assert.Single(app.Log.All, line => line.Contains("AllowAlternateSchemes is false", StringComparison.Ordinal));
        Assert.Equal((200, "default"), await envoy.AskAsync("allowed", deadline.Token));
        Assert.DoesNotContain(other.Log.All, line => line.Contains("AllowAlternateSchemes", StringComparison.Ordinal));
    }

    private static void Listen(WebApplicationBuilder builder, int port, Certificates certificates, ClientCertificateMode mode, Action<ListenOptions> use) =>
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listener =>
        {
            use(listener);
            listener.UseHttps(https =>
            {
                https.ServerCertificate = certificates.Server;
                https.ClientCertificateMode = mode;
                https.ClientCertificateValidation = (certificate, _, _) => certificates.Signs(certificate);
            });
        }));

    private static Task<AppEnvoy> StartEnvoyAsync(string version, int port, Certificates certificates, CancellationToken cancel) => AppEnvoy.StartAsync(
        version, cancel,
        new Way("with", port) { TransportSocket = certificates.TransportSocket(withCertificate: true) },
        new Way("without", port) { TransportSocket = certificates.TransportSocket(withCertificate: false) });

    private static Task Refuse(Microsoft.AspNetCore.Authentication.RedirectContext<Microsoft.AspNetCore.Authentication.Cookies.CookieAuthenticationOptions> context)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }
}
