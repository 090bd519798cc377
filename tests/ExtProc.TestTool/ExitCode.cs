namespace ExtProc.TestTool;

/// <summary>What the tool ends with.</summary>
internal static class ExitCode
{
    /// <summary>All was found, or passed.</summary>
    public const int Ok = 0;

    /// <summary>A test failed, or none passed.</summary>
    public const int Failed = 1;

    /// <summary>It was called wrongly, or ENVOY_BIN names what is no Envoy.</summary>
    public const int Usage = 2;

    /// <summary>There is no such Envoy.</summary>
    public const int NoEnvoy = 3;
}
