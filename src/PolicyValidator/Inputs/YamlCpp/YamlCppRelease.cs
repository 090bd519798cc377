namespace PolicyValidator.Inputs.YamlCpp;

/// <summary>The releases of yaml-cpp that read otherwise.</summary>
internal enum YamlCppRelease
{
    /// <summary>0.8: passes over text behind a quoted value that ends a document.</summary>
    V08,

    /// <summary>0.9: refuses that, and a comma at the beginning of a line.</summary>
    V09,
}
