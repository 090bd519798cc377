using System.Net;
using System.Net.Sockets;

namespace Envoy.Runner;

/// <summary>
/// A port for a program that must be told one. Taken from below the range that the kernel gives to outgoing connections, so
/// that no connection of a busy test can take it between this look and the program's start.
/// </summary>
public static class FreePort
{
    private const int First = 20_000;
    private const int Count = 10_000;
    private static int next = Random.Shared.Next(Count);

    /// <summary>A port of 127.0.0.1 on which nobody listens now, and that this process has not given out lately.</summary>
    public static int Next()
    {
        for (int attempt = 0; attempt < Count; attempt++)
        {
            int port = First + ((Interlocked.Increment(ref next) & int.MaxValue) % Count);
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"every port from {First} to {First + Count - 1} is in use");
    }

    /// <summary>True when a program could listen on the port of 127.0.0.1 now.</summary>
    public static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen();
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }
}
