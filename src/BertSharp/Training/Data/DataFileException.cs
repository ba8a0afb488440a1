namespace BertSharp;

/// <summary>A data file that cannot be read on: the message names the file and the line, what was found and what to do.</summary>
public class DataFileException(string message) : Exception(message);
