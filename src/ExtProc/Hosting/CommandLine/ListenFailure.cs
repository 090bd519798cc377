using System.Net.Sockets;
using ExtProc.Configuration;

namespace ExtProc.Hosting.CommandLine;

/// <summary>Why a port could not be opened, in words, with its number.</summary>
internal static class ListenFailure
{
    public static string Explain(Exception failure, ExtProcOptions options) => Explain(
        failure,
        [.. options.Listeners.Select(listener => (listener.Address, "--listen")).Append((options.Admin.Address, "--admin")).Where(candidate => candidate.Address != ListenAddress.Off)]);

    /// <param name="failure">What starting failed with.</param>
    /// <param name="addresses">What was to be opened, and the flags that choose it.</param>
    public static string Explain(Exception failure, IReadOnlyList<(ListenAddress Address, string Flag)> addresses)
    {
        // Kestrel names the address in its message, the socket's own exception does not.
        var named = addresses.Where(candidate => candidate.Address.EndPoint is { } endPoint && failure.Message.Contains($"{endPoint}:", StringComparison.Ordinal)).ToList();
        string where = named is [var only, ..] ? $"port {only.Address.EndPoint!.Port} ({only.Address}, {only.Flag})" : string.Join(" or ", addresses.Select(candidate => candidate.Address));
        return (failure as SocketException)?.SocketErrorCode switch
        {
            null => $"{where} is in use already; stop what listens there, or give another port",
            SocketError.AccessDenied => $"{where} may not be opened by this user; ports below 1024 often need more rights",
            SocketError.AddressNotAvailable => $"{where} is not an address of this machine",
            _ => $"cannot listen on {where}: {failure.Message}",
        };
    }
}
