using ExtProc.Configuration;
using ExtProc.Transport;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ExtProc.Hosting;

/// <summary>Sets an app's own Kestrel up for what Envoy does to it.</summary>
public static class ExtProcTransport
{
    /// <summary>
    /// Gives the app's Kestrel the limits of <see cref="ExtProcOptions.Transport"/>: thousands of streams on a connection that end by
    /// resets, windows for bodies, no minimum rates, a memory budget. They apply to <b>all</b> of the app's ports, and so does the end of
    /// Kestrel's limit of 30 MB for a request's body. An app that serves the public too does better with ports of their own for ext_proc
    /// (<see cref="ExtProcOptions.Listeners"/>).
    /// </summary>
    public static IWebHostBuilder UseExtProcTransport(this IWebHostBuilder host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return host.ConfigureServices(services => services.AddKestrelTransport());
    }

    /// <summary>
    /// Makes a port of the app's Kestrel one for Envoy: HTTP/2 and nothing else, without TLS from the first byte ("prior knowledge"), and its
    /// connections are counted and guarded, the latter where it is opened by an address (<c>Listen</c>). Needs <see cref="UseExtProcTransport"/>.
    /// </summary>
    public static ListenOptions UseExtProc(this ListenOptions listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        listener.UseGrpc();
        return listener;
    }
}
