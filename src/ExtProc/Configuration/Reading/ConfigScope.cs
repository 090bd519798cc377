namespace ExtProc.Configuration.Reading;

/// <summary>What a configuration speaks for.</summary>
internal enum ConfigScope
{
    /// <summary>A process that is this server: it opens its ports unless told otherwise.</summary>
    Program,

    /// <summary>An app that has this server in it: no port is opened that it did not ask for.</summary>
    App,

    /// <summary>One pipeline of several: what applies to the whole process is set elsewhere.</summary>
    Pipeline,
}
