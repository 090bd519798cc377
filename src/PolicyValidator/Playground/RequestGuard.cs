using System.Net;
using Microsoft.AspNetCore.Http;

namespace PolicyValidator.Playground;

/// <summary>Lets in only what a person at this machine, or at the other end of a tunnel to it, can have asked for.</summary>
internal static class RequestGuard
{
    /// <summary>The page takes everything from here, and nothing that is written into it is run.</summary>
    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Sets the headers that tell a browser what the page may do.</summary>
    public static void Protect(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = ContentPolicy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }

    /// <summary>Why a request is refused; null when it is not.</summary>
    public static (int Status, string Problem)? Refuse(HttpRequest request)
    {
        // A name that a stranger made point to this machine (DNS rebinding) is not one of the machine's own.
        if (!IsLoopback(request.Host.Host))
        {
            return (StatusCodes.Status421MisdirectedRequest, "the Host header does not name this machine; use localhost or 127.0.0.1");
        }

        return request.Headers.Origin is [{ } origin] && origin != $"{request.Scheme}://{request.Host}"
            ? (StatusCodes.Status403Forbidden, "the request comes from another site's page; only the playground's own page may ask")
            : null;
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
}
