using Microsoft.Win32.SafeHandles;

namespace ExtProc.Transport.Connections;

/// <summary>
/// Files held open as a reserve, released when the process can open no more: the runtime needs two for each thread that it starts, and ends
/// the process when it cannot get them. One user at a time. Windows has no such limit: there none are held.
/// </summary>
internal sealed class SpareFiles : IDisposable
{
    private const int Wanted = 16;

    private readonly List<SafeFileHandle> _held = new(Wanted);

    /// <summary>Opens what is missing; false, with none held, when not all can be opened.</summary>
    public bool TryHold()
    {
        if (OperatingSystem.IsWindows())
        {
            return true;
        }

        try
        {
            while (_held.Count < Wanted)
            {
                _held.Add(File.OpenHandle("/dev/null"));
            }

            return true;
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            Release();
            return false;
        }
    }

    /// <summary>Gives them up.</summary>
    public void Release()
    {
        _held.ForEach(file => file.Dispose());
        _held.Clear();
    }

    public void Dispose() => Release();
}
