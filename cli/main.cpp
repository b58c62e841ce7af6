#include <iostream>

#include "cli/commands.hpp"

int main(int argc, char** argv) { return qantar::cli::main_program(argc, argv, std::cout, std::cerr); }
