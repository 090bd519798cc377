using System.Diagnostics;
using System.Net.Sockets;

namespace PolicyValidator.Tests.Robustness;

/// <summary>Makes what has a file's name and is none.</summary>
internal static class OddFiles
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The kinds, each with what an error calls it.</summary>
    public static TheoryData<string, string> Kinds => new()
    {
        { "pipe", "is a pipe" },
        { "socket", "is a socket" },
        { "endless", "is a device" },
        { "terminal", "" },
        { "directory", "directory" },
        { "ring", "ring" },
        { "nothing", "no such file" },
    };

    /// <summary>Puts one in a place.</summary>
    public static IDisposable? Make(string kind, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        switch (kind)
        {
            case "pipe":
                using (Process made = Process.Start("mkfifo", [path]))
                {
                    made.WaitForExit();
                }

                return null;
            case "socket":
                Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                socket.Bind(new UnixDomainSocketEndPoint(path));
                return socket;
            case "directory":
                Directory.CreateDirectory(path);
                return null;
            default:
                File.CreateSymbolicLink(path, kind switch { "endless" => "/dev/zero", "terminal" => "/dev/tty", "ring" => path, _ => "/nowhere/at/all" });
                return null;
        }
    }

    /// <summary>Runs the command line; one that waits for a pipe fails the test.</summary>
    public static Task<Cli.Run> RunAsync(params string[] words) => Task.Run(() => Cli.Run.Of(words)).WaitAsync(Patience);
}
