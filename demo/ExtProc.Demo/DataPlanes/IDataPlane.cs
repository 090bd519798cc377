namespace ExtProc.Demo.DataPlanes;

/// <summary>What takes the clients' requests, asks extproc about them and sends them on to the upstream. It ends when it is disposed of.</summary>
internal interface IDataPlane : IAsyncDisposable
{
    /// <summary>What messages call it.</summary>
    string Name { get; }
}
