using ExtProc.Configuration;
using ExtProc.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ExtProc.Hosting;

/// <summary>Opens ports of the options on a Kestrel, and names those that are open.</summary>
internal static class ListenerSetup
{
    /// <summary>Opens <see cref="ExtProcOptions.Listeners"/>, each for HTTP/2 alone and guarded.</summary>
    public static void ListenForEnvoy(this KestrelServerOptions kestrel, ExtProcOptions options)
    {
        foreach (ListenerOptions listener in options.Listeners)
        {
            kestrel.Listen(listener.Address.EndPoint!, port => port.UseGrpc());
        }
    }

    /// <summary>Where an app listens in clear text, as the options would say it.</summary>
    public static IEnumerable<string> ListenAddresses(this WebApplication app) => app.Urls.Select(url => url.Replace("http://", "", StringComparison.Ordinal));
}
